"""What all tests share."""

from hypothesis import settings

# Deadlines are timed assertions, and machines are noisy.
settings.register_profile("untimed", deadline=None)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("untimed")
