"""Reads of webinars, one module a subject: ``schedule``, ``seats``, ``attendance``, ``people``."""
