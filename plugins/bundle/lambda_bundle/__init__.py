"""Makes Python Lambdas start fast."""

from lambda_bundle.brought_along import provide_packaging

provide_packaging()
