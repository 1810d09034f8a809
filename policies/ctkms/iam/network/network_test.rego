package ctkms.iam.network_test

import data.ctkms.iam.network

test_read_ipv4 if {
	network.read("10.0.255.1") == {"parts": [10, 0, 255, 1], "width": 8, "length": 32}
	network.read("10.0.0.5/8") == {"parts": [10, 0, 0, 5], "width": 8, "length": 8}
	network.read("0.0.0.0/0") == {"parts": [0, 0, 0, 0], "width": 8, "length": 0}
}

_ipv6 := {
	"::": [0, 0, 0, 0, 0, 0, 0, 0],
	"::1": [0, 0, 0, 0, 0, 0, 0, 1],
	"1::": [1, 0, 0, 0, 0, 0, 0, 0],
	"2001:db8::FFff": [8193, 3512, 0, 0, 0, 0, 0, 65535],
	"1:2:3:4:5:6:7:8": [1, 2, 3, 4, 5, 6, 7, 8],
	"1:2:3:4:5:6:7::": [1, 2, 3, 4, 5, 6, 7, 0],
	"::ffff:10.1.2.3": [0, 0, 0, 0, 0, 65535, 2561, 515],
	"1:2:3:4:5:6:1.2.3.4": [1, 2, 3, 4, 5, 6, 258, 772],
	"::ffff:255.170.16.240": [0, 0, 0, 0, 0, 65535, 65450, 4336],
}

test_read_ipv6 if {
	{text: network.read(text) | some text, _ in _ipv6} == {text: {"parts": parts, "width": 16, "length": 128} |
		some text, parts in _ipv6
	}
	network.read("2001:db8::/32").length == 32
}

test_what_is_neither if {
	values := [
		"", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/a", "10.0.0.0/8/8", "10.0.0.1.1",
		":", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "12345::", "g::",
		"::/129", "::1%eth0",
		"::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", 5, true, null, [], {},
	]
	[value | some value in values; network.read(value) == null] == values
}

_contains(outer, inner) if network.contains_network(network.read(outer), network.read(inner))

test_contains_network if {
	pairs := [
		["10.0.0.0/8", "10.255.255.255", true],
		["10.0.0.0/8", "11.0.0.0", false],
		["10.0.0.0/9", "10.127.0.1", true],
		["10.0.0.0/9", "10.128.0.0", false],
		["10.1.2.3", "10.1.2.3", true],
		["10.1.2.3/32", "10.1.2.2", false],
		["10.1.2.3/31", "10.1.2.2", true],
		["10.9.9.9/8", "10.0.0.0/8", true],
		["10.0.0.0/8", "10.0.0.0/7", false],
		["0.0.0.0/0", "255.255.255.255", true],
		["0.0.0.0/0", "::1", false],
		["::/0", "10.0.0.1", false],
		["::/0", "::ffff:10.0.0.1", true],
		["2001:db8::/33", "2001:db8:7fff::", true],
		["2001:db8::/33", "2001:db8:8000::", false],
		["::1", "0:0:0:0:0:0:0:1", true],
	]
	[pair | some pair in pairs; _contains(pair[0], pair[1])] == [pair | some pair in pairs; pair[2]]
}

# The first bits of a group, as many as there are in the prefix, and no other.
test_every_length_of_a_prefix if {
	kept := [
		"0", "8000", "c000", "e000", "f000", "f800", "fc00", "fe00", "ff00",
		"ff80", "ffc0", "ffe0", "fff0", "fff8", "fffc", "fffe", "ffff",
	]
	every length, first in kept {
		range := sprintf("ffff::/%d", [length])
		[inside | some inside, group in kept; _contains(range, sprintf("%v::", [group]))] == numbers.range(length, 16)
		_contains(sprintf("%v::/%d", [first, length]), "ffff::")
	}
}
