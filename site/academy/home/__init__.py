"""The academy's own page types, its demo command, and the mail box with which one looks at the demo's mails."""
