"""What all tests share."""

from hypothesis import settings

# Deadlines are timed assertions, and machines are noisy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
