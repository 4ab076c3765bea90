"""What a learner sees: the personal page, gates before lessons, history in words.

Owns: no tables. May import: everything below the admin.
"""
