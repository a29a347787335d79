"""Of readers who write 1 234,5, such as in French, Polish, Czech, Swedish, Norwegian, Finnish and Ukrainian."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
NUMBER_GROUPING = 3
