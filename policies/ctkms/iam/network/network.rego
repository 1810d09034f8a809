# METADATA
# title: IP networks
# description: |
#   Reads IPv4 and IPv6 addresses and CIDR ranges and compares them. Written out here because the engines'
#   net.cidr_contains disagree on IPv4-mapped addresses.
# related_resources:
#   - ref: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
# custom:
#   library: true
package ctkms.iam.network

import data.ctkms.iam.value

# METADATA
# description: |
#   An address or a CIDR range as {"parts": numbers, "width": bits of a part, "length": of the prefix}: 4 parts of 8
#   bits or 8 of 16. An address alone is the range of that address. Null for what is neither.
read(value) := _read(split(value, "/")) if {
	is_string(value)
	regex.match(`^[0-9a-fA-F:.]{2,45}(?:/[0-9]{1,3})?$`, value)
} else := null

# METADATA
# description: "True where a range read by read contains another. Undefined otherwise."
contains_network(outer, inner) if {
	outer.length <= inner.length
	_leading(outer, outer.length) == _leading(inner, outer.length)
}

_read(pieces) := {"parts": parts, "width": 8, "length": length} if {
	regex.match(_ipv4, pieces[0])
	parts := [to_number(part) | some part in split(pieces[0], ".")]
	length := _length(pieces, 32)
	length <= 32
} else := {"parts": parts, "width": 16, "length": length} if {
	parts := _groups(_without_ipv4(pieces[0]))
	count(parts) == 8
	length := _length(pieces, 128)
	length <= 128
} else := null

_octet := `(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])`

_ipv4 := sprintf(`^%s(?:\.%s){3}$`, [_octet, _octet])

_ipv6_tail := sprintf(`:%s(?:\.%s){3}$`, [_octet, _octet])

_length(pieces, longest) := longest if {
	count(pieces) == 1
} else := value.number(pieces[1])

# IPv6 with the last four bytes written as IPv4, as IPv6 without.
_without_ipv4(text) := concat("", [trim_suffix(text, found[0]), ":", _hexadecimal(octets)]) if {
	found := regex.find_n(_ipv6_tail, text, 1)
	count(found) == 1
	octets := split(trim_prefix(found[0], ":"), ".")
} else := text

_hexadecimal(octets) := sprintf("%v%v:%v%v", [_byte(octets[0]), _byte(octets[1]), _byte(octets[2]), _byte(octets[3])])

_byte(octet) := concat("", [substring(_digits, floor(number / 16), 1), substring(_digits, number % 16, 1)]) if {
	number := to_number(octet)
}

_digits := "0123456789abcdef"

# The eight groups of an IPv6 address; an empty array for what is none.
_groups(text) := [_number(group) | some group in split(text, ":")] if {
	regex.match(`^[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4}){7}$`, text)
} else := array.concat(array.concat(left, zeros), right) if {
	halves := split(text, "::")
	count(halves) == 2
	every half in halves {
		regex.match(`^(?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?$`, half)
	}
	left := _half(halves[0])
	right := _half(halves[1])
	count(left) + count(right) < 8
	zeros := [0 | some _ in numbers.range(1, 8 - (count(left) + count(right)))]
} else := []

_half(text) := [_number(group) | some group in split(text, ":"); group != ""]

_number(group) := sum([worth |
	digits := split(lower(group), "")
	some i, character in digits
	worth := indexof(_digits, character) * [1, 16, 256, 4096][(count(digits) - 1) - i]
])

# The parts cut to the first bits of the prefix.
_leading(network, length) := [kept |
	some i, part in network.parts
	kept_bits := min([network.width, max([0, length - (i * network.width)])])
	unit := _powers[network.width - kept_bits]
	kept := part - (part % unit)
]

_powers := [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536]
