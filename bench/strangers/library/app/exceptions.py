class LibraryError(Exception):
    status_code = 400
    code = "bad_request"


class NotFound(LibraryError):
    status_code = 404
    code = "not_found"


class NotAvailable(LibraryError):
    status_code = 409
    code = "not_available"


class LimitReached(LibraryError):
    status_code = 409
    code = "limit_reached"
