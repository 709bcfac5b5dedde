"""`from .models import *`, `__all__`, and a package that imports its modules' models."""

from .models import *
from .models import __all__ as __all__
