package ctkms.rules.cloudtrail.principal_name_test

import data.ctkms.rules.cloudtrail.principal_name
import data.ctkms.testing_test as testing

_named(principal) := testing.of(testing.policy([testing.root, {
	"Sid": "AllowCloudTrail",
	"Effect": "Allow",
	"Principal": principal,
	"Action": "kms:GenerateDataKey",
	"Resource": "*",
}]))

test_passes_with_the_name if {
	given := _named({"Service": ["config.amazonaws.com", "cloudtrail.amazonaws.com"]})
	found := principal_name.findings with input as given with data.expected as {}
	found == set()
}

test_fails_on_a_region if {
	given := _named({"Service": "cloudtrail.us-gov-west-1.amazonaws.com"})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				`"cloudtrail.us-gov-west-1.amazonaws.com" with a Region, which its service `,
				"principal does not have, so it is not CloudTrail that it speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_the_name_of_china if {
	given := _named({"Service": ["cloudtrail.amazonaws.com.cn"]})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				`"cloudtrail.amazonaws.com.cn" with the ending of China, which service `,
				"principals do not have, so it is not CloudTrail that it speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service", 0],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_capital_letters if {
	given := _named({"Service": "CloudTrail.amazonaws.com"})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				`"CloudTrail.amazonaws.com" in capital letters, so it is not CloudTrail that `,
				"it speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_a_blank_before_it if {
	given := _named({"Service": " cloudtrail.amazonaws.com"})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				`statement 2 (AllowCloudTrail) names CloudTrail as " `,
				`cloudtrail.amazonaws.com" with blanks, so it is not CloudTrail that it `,
				"speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_another_blank_character if {
	given := _named({"Service": "cloudtrail.amazonaws.com\n"})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				"\"cloudtrail.amazonaws.com\n\" with blanks, so it is not CloudTrail that it ",
				"speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_a_wildcard if {
	found := principal_name.findings with input as _named({"Service": "cloudtrail.*"}) with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				`statement 2 (AllowCloudTrail) names CloudTrail as "cloudtrail.*" with a `,
				"wildcard, which service principals cannot have, so it is not CloudTrail that ",
				"it speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_on_a_name_that_is_misspelt if {
	given := _named({"Service": "cloudtrial.amazonaws.com"})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				`"cloudtrial.amazonaws.com" by a name that it does not have, so it is not `,
				"CloudTrail that it speaks of",
			]),
			"path": ["Statement", 1, "Principal", "Service"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_under_aws if {
	given := _named({"AWS": "cloudtrail.amazonaws.com"})
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				`"cloudtrail.amazonaws.com" under "AWS" and not under "Service", so it `,
				"is not CloudTrail that it speaks of",
			]),
			"path": ["Statement", 1, "Principal", "AWS"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_as_plain_text if {
	found := principal_name.findings with input as _named("cloudtrail.amazonaws.com") with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 2 (AllowCloudTrail) names CloudTrail as ",
				`"cloudtrail.amazonaws.com" under "AWS" and not under "Service", so it `,
				"is not CloudTrail that it speaks of",
			]),
			"path": ["Statement", 1, "Principal"],
			"remediation": concat("", [
				`Write "Principal": {"Service": "cloudtrail.amazonaws.com"}, the same in `,
				"every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 1, "sid": "AllowCloudTrail"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_fails_where_it_is_exempted if {
	given := testing.of(testing.policy([
		testing.but(
			testing.store_encrypt,
			{
				"Effect": "Deny",
				"Principal": null,
				"NotPrincipal": {"Service": "cloudtrail.amazonaws.com.cn"},
			},
		),
	]))
	found := principal_name.findings with input as given with data.expected as {}
	found == {
		{
			"key": testing.key,
			"level": "error",
			"msg": concat("", [
				"statement 1 (AllowCloudTrailEncryptEventDataStore) names CloudTrail as ",
				`"cloudtrail.amazonaws.com.cn" with the ending of China, which service `,
				"principals do not have, so it is not CloudTrail that it speaks of",
			]),
			"path": ["Statement", 0, "NotPrincipal", "Service"],
			"remediation": concat("", [
				`Write "NotPrincipal": {"Service": "cloudtrail.amazonaws.com"}, the same `,
				"in every Region and partition.",
			]),
			"rule": "CT-PRINCIPAL-NAME",
			"statement": {"index": 0, "sid": "AllowCloudTrailEncryptEventDataStore"},
			"subject": null,
			"url": concat("", [
				"https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
			]),
		},
	}
}

test_passes_on_what_is_not_cloudtrail if {
	given := _named({
		"Service": "trail.amazonaws.com",
		"AWS": ["*", "arn:aws:iam::111111111111:role/cloudtrail"],
	})
	found := principal_name.findings with input as given with data.expected as {}
	found == set()
}

test_survives_anything if {
	given := _named({"Service": [3, null, {"ctkms:unknown": "later"}]})
	found := principal_name.findings with input as given with data.expected as {}
	found == set()
}

test_says_what_is_wrong_with_each_name if {
	wrong := {
		"cloudtrail .amazonaws.com": "with blanks",
		"cloud-trail.amazonaws.com": "by a name that it does not have",
		"CloudTrail.amazonaws.com.CN": "with the ending of China, which service principals do not have",
		"CloudTrail.us-east-1.amazonaws.com": "with a Region, which its service principal does not have",
	}
	every name, words in wrong {
		found := principal_name.findings with input as _named({"Service": name})
		{one.msg | some one in found} == {sprintf(
			"statement 2 (AllowCloudTrail) names CloudTrail as \"%v\" %v, so it is not CloudTrail that it speaks of",
			[name, words],
		)}
	}
}
