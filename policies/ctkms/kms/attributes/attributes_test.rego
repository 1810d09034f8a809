package ctkms.kms.attributes_test

import data.ctkms.kms.attributes
import data.ctkms.testing_test as testing

_context(arn, action, metadata) := made if {
	key := object.union({"arn": arn, "metadata": metadata}, {})
	made := attributes.context(arn, action) with input as {"ctkms": {"key": key}}
}

_multi_region := "arn:aws:kms:us-east-1:111111111111:key/mrk-1234abcd12ab34cd56ef1234567890ab"

test_what_the_arn_tells if {
	_context(testing.key, "kms:Decrypt", {}) == {
		"aws:ResourceAccount": "111111111111",
		"kms:MultiRegion": "false",
	}
	_context(_multi_region, "kms:Decrypt", {}) == {
		"aws:ResourceAccount": "111111111111",
		"kms:MultiRegion": "true",
	}
}

test_what_the_metadata_tell if {
	metadata := {"spec": "SYMMETRIC_DEFAULT", "usage": "ENCRYPT_DECRYPT", "origin": "AWS_KMS", "state": "Enabled"}
	_context(testing.key, "kms:GenerateDataKey", metadata) == {
		"aws:ResourceAccount": "111111111111",
		"kms:MultiRegion": "false",
		"kms:KeySpec": "SYMMETRIC_DEFAULT",
		"kms:KeyUsage": "ENCRYPT_DECRYPT",
		"kms:KeyOrigin": "AWS_KMS",
		"kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
	}
	not "kms:EncryptionAlgorithm" in object.keys(_context(testing.key, "kms:DescribeKey", metadata))
	not "kms:EncryptionAlgorithm" in object.keys(_context(testing.key, "kms:Decrypt", {"spec": "RSA_4096"}))
}

test_metadata_that_are_not_known_stay_unknown if {
	unknown := {"ctkms:unknown": "later"}
	_context(testing.key, "kms:Decrypt", {"spec": unknown})["kms:KeySpec"] == unknown
}

test_without_an_arn_the_metadata_tell_whether_it_is_a_multi_region_key if {
	_context(null, "kms:Decrypt", {"multi_region": true}) == {"kms:MultiRegion": "true"}
	_context(null, "kms:Decrypt", {}) == {}
}

test_without_an_evaluation_nothing_but_the_arn_tells if {
	attributes.context(testing.key, "kms:Decrypt") == {"aws:ResourceAccount": "111111111111", "kms:MultiRegion": "false"}
}

test_only_cryptographic_operations_have_an_algorithm if {
	attributes.absent("kms:DescribeKey") == ["kms:EncryptionAlgorithm"]
	attributes.absent("kms:ReEncryptFrom") == []
}
