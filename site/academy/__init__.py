"""Akademi Naik Kelas: the demo site. It shows Kelas as a visitor, an editor, a coordinator and a partner meet it."""
