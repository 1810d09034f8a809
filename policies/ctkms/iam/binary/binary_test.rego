package ctkms.iam.binary_test

import data.ctkms.iam.binary

test_read if {
	values := ["QmluYXJ5", "", "YQ==", "YWI=", "+/+/"]
	[binary.read(value) | some value in values] == values
}

test_bits_that_belong_to_no_byte_do_not_count if {
	[binary.read(value) |
		some value in ["YR==", "Yf==", "YWJ=", "YWL=", "YWJjYf=="]
	] == ["YQ==", "YQ==", "YWI=", "YWI=", "YWJjYQ=="]
}

test_what_is_not_base64 if {
	values := ["Y", "YQ", "YQ=", "YWI", "Y===", "====", "Y!==", "YQ==YQ==", "YW-_", "YQ==\n", 5, true, null, [], {}]
	[value | some value in values; binary.read(value) == null] == values
}
