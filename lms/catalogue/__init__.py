"""What can be learnt: activities with a stable identity, and the versions of their outlines.

Publishing compiles page trees into these rows; nothing later walks the page tree.
Owns: Activity, ActivityPage, OutlineVersion, OutlineItem; the page mixins; ``compile``.
May import: core, people.
"""
