"""Names that only annotations use. A compiled schema says what they mean."""

ANNOTATIONS = {
    "AfterValidator",
    "AllowInfNan",
    "AwareDatetime",
    "Base64Bytes",
    "Base64Str",
    "Base64UrlBytes",
    "Base64UrlStr",
    "BeforeValidator",
    "DirectoryPath",
    "Discriminator",
    "EncodedBytes",
    "EncodedStr",
    "FailFast",
    "FieldSerializationInfo",
    "FilePath",
    "FiniteFloat",
    "ForceDecode",
    "FutureDate",
    "FutureDatetime",
    "GetCoreSchemaHandler",
    "GetJsonSchemaHandler",
    "GetPydanticSchema",
    "ImportString",
    "InstanceOf",
    "Json",
    "JsonValue",
    "ModelWrapValidatorHandler",
    "NaiveDatetime",
    "NegativeFloat",
    "NegativeInt",
    "NewPath",
    "NoDecode",
    "NonNegativeFloat",
    "NonNegativeInt",
    "NonPositiveFloat",
    "NonPositiveInt",
    "OnErrorOmit",
    "PastDate",
    "PastDatetime",
    "PlainSerializer",
    "PlainValidator",
    "PositiveFloat",
    "PositiveInt",
    "SerializationInfo",
    "SerializeAsAny",
    "SerializerFunctionWrapHandler",
    "SkipValidation",
    "SocketPath",
    "Strict",
    "StrictBool",
    "StrictBytes",
    "StrictFloat",
    "StrictInt",
    "StrictStr",
    "StringConstraints",
    "Tag",
    "UUID1",
    "UUID3",
    "UUID4",
    "UUID5",
    "UUID6",
    "UUID7",
    "UUID8",
    "UrlConstraints",
    "ValidateAs",
    "ValidationInfo",
    "ValidatorFunctionWrapHandler",
    "WithJsonSchema",
    "WrapSerializer",
    "WrapValidator",
    "conbytes",
    "condate",
    "condecimal",
    "confloat",
    "confrozenset",
    "conint",
    "conlist",
    "conset",
    "constr",
}
"""pydantic's names that may be in annotations, called or with type arguments, and nowhere else."""


class Annotation:
    """Stands for a type in an annotation that was not removed. It is no type."""

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *_arguments, **_options):
        return self

    def __getitem__(self, _arguments):
        return self

    def __or__(self, _other):
        return self

    __ror__ = __or__

    def __repr__(self):
        return f"compiled_pydantic.{self.__name__}"


def __getattr__(name):
    if name not in ANNOTATIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return Annotation(name)
