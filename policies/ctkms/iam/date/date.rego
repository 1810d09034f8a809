# METADATA
# title: Dates
# description: |
#   Reads the forms of W3C's date and time note and epoch seconds as [whole seconds since 1970, digits of the
#   fraction], which compare as the moments do. Written out here because the engines' time functions fail on impossible
#   dates and end in 2262.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
#   - ref: https://www.w3.org/TR/NOTE-datetime
# custom:
#   library: true
package ctkms.iam.date

import data.ctkms.iam.value

# METADATA
# description: "A date as [seconds, fraction]; null for what is none."
read(written) := [floor(written), _fraction(value.text(written - floor(written)))] if {
	is_number(written)
	written >= 0
} else := [0 - ceil(0 - written), _fraction(value.text(written + ceil(0 - written)))] if {
	is_number(written)
} else := [value.number(written), ""] if {
	is_string(written)
	regex.match(`^[0-9]{1,15}$`, written)
	count(written) != 4
} else := _read(found[0]) if {
	is_string(written)
	found := regex.find_all_string_submatch_n(_expression, written, -1)
	count(found) == 1
} else := null

_expression := concat("", [
	`^([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01])`,
	`(?:T([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9])(?:\.([0-9]{1,30}))?)?`,
	`(?:(Z)|([+-])([01][0-9]|2[0-3]):([0-5][0-9])))?)?)?$`,
])

# The groups: the text, year, month, day, hour, minute, second, fraction, Z, sign, offset hours, offset minutes.
_read(groups) := [((_days(year, month, day) * 86400) + time_of_day) - offset, trim_right(groups[7], "0")] if {
	year := value.number(groups[1])
	month := _number(groups[2], 1)
	day := _number(groups[3], 1)
	day <= _length(year, month)
	time_of_day := ((_number(groups[4], 0) * 3600) + (_number(groups[5], 0) * 60)) + _number(groups[6], 0)
	offset := _sign(groups[9]) * ((_number(groups[10], 0) * 3600) + (_number(groups[11], 0) * 60))
} else := null

_number(digits, fallback) := fallback if {
	digits == ""
} else := value.number(digits)

_sign(sign) := -1 if {
	sign == "-"
} else := 1

_length(year, month) := 29 if {
	month == 2
	_is_leap(year)
} else := [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]

_is_leap(year) if {
	year % 4 == 0
	year % 100 != 0
}

_is_leap(year) if year % 400 == 0

# Days since 1970-01-01 in the Gregorian calendar; years begin in March for the count, so that the leap day
# comes last, and 400 years earlier, so that no engine rounds a negative number.
_days(year, month, day) := ((before_year + floor(((153 * m) + 2) / 5)) + day) - 865566 if {
	y := (year + 400) - _before_march(month)
	m := (month + 9) % 12
	before_year := (((365 * y) + floor(y / 4)) - floor(y / 100)) + floor(y / 400)
}

_before_march(month) := 1 if {
	month < 3
} else := 0

_fraction(text) := "" if {
	text == "0"
} else := trim_prefix(text, "0.")
