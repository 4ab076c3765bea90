"""Settings: ``base`` holds what all share; ``demo`` (the default), ``test`` and ``production`` say what differs."""
