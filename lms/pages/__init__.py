"""Optional app with ready-made page types on the mixins: curriculum, course, module, lesson, webinar series.

A site that has its own page types leaves this app out. May import: everything but contrib.
"""
