"""A course step by step: from a few typed lines to drafts, then what is left to do, until it is published.

``outline`` (pure) reads the typed lines, ``services`` makes and publishes pages, ``steps`` says what is done, ``views``
shows both in the admin.
"""
