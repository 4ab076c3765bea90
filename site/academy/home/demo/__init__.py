"""The steps of ``manage.py demo``, one module each: content, people, presence, processes, and the bar that shows them."""
