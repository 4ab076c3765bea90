"""Who learns: learners (with or without an account), their addresses and consents, and partner organisations.

Owns: Learner, Address, Consent, Partner; the registry of person handlers (export, erase).
May import: core.
"""
