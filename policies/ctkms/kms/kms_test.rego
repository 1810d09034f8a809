package ctkms.kms_test

import data.ctkms.kms

test_names_are_compared_without_case if {
	every name in ["Decrypt", "decrypt", "GENERATEDATAKEY", "ReEncryptFrom"] {
		kms.is_operation(name)
	}
}

test_a_name_with_wildcards_covers_an_operation if {
	every name in ["*", "GenerateDataKey*", "reencrypt*", "?ecrypt", "Create*", "*Key*"] {
		kms.is_operation(name)
	}
}

test_wildcards_without_end if {
	kms.is_operation(sprintf("%vd%v", [concat("", ["*" | some _ in numbers.range(1, 6000)]), "***"]))
	not kms.is_operation(concat("", ["*a" | some _ in numbers.range(1, 6000)]))
	kms.is_operation("*?enerateDataKeyPairWithoutPlaintext")
	not kms.is_operation("*GenerateDataKeyPairWithoutPlaintext?")
}

test_other_names_are_no_operations if {
	every name in ["", "ReEncrypt", "Decrypts", "Decrypt.*", "GenrateDataKey*", "?Decrypt", "kms:Decrypt", "Foo*", "(*"] {
		not kms.is_operation(name)
	}
}

test_the_operation_that_is_one_letter_away if {
	kms.near("GenrateDataKey") == "GenerateDataKey"
	kms.near("Decypt") == "Decrypt"
	kms.near("Dercypt") == "Decrypt"
	kms.near("Decryptt") == "Decrypt"
	kms.near("xDecrypt") == "Decrypt"
	kms.near("DescribeKeys") == "DescribeKey"
	kms.near("decrybt") == "Decrypt"
	kms.near("GenerateDataKeyPairWithuotPlaintext") == "GenerateDataKeyPairWithoutPlaintext"
	kms.near("GenerateDataKeyPairWithoutPlaintextxxxxx") == ""
}

test_nothing_near if {
	every name in ["Frobnicate", "", "Sig", "ReEncrypt", "Genrate*", "De.crypt"] {
		kms.near(name) == ""
	}
}
