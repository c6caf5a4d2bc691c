"""Écriture française des dates et des nombres."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H\\hi"
DATETIME_FORMAT = "j F Y à H\\hi"
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u202f"
NUMBER_GROUPING = 3
