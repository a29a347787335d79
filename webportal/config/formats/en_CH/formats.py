"""Of readers in Switzerland and Liechtenstein, who write 1'234.5."""

THOUSAND_SEPARATOR = "\N{RIGHT SINGLE QUOTATION MARK}"
NUMBER_GROUPING = 3
