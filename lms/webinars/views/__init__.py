"""What visitors see of live sessions: the registration form, a session's page, the way in."""

from lms.webinars.views.join import join
from lms.webinars.views.registration import register, registered
from lms.webinars.views.session import session

__all__ = ["join", "register", "registered", "session"]
