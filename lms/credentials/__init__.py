"""Certificates: what was earned, frozen at issue, verifiable for ever.

Owns: Issuer, CertificateDesign, CertificateDue, Certificate; the typst engine.
May import: progress, catalogue, people, core.
"""
