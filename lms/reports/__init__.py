"""What staff take out of the records, and lists of people that they bring in.

Owns no tables: results of a course as tables, files and xAPI statements, and reading a list of people to enrol.
May import: everything below, never an admin or a page.
"""
