"""Messages to people: the outbox, channels, reminders and calendar invitations (iTIP).

Owns: OutboxMessage. Rows are written in the transaction that caused them; a worker sends them once.
May import: calendars, credentials, webinars, progress, catalogue, people, core.
"""
