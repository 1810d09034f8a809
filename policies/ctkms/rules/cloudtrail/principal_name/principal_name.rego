# METADATA
# title: CloudTrail is named exactly as its service principal is called
# description: |
#   CloudTrail's service principal is cloudtrail.amazonaws.com in every Region and partition, under "Service". Names
#   with a Region, of China, in other letters or under "AWS" match nobody, or KMS refuses the policy
#   (MalformedPolicyDocumentException).
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
# custom:
#   id: CT-PRINCIPAL-NAME
#   level: error
#   provenance: documented
package ctkms.rules.cloudtrail.principal_name

import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "Each principal that means CloudTrail and does not name it."
findings contains finding if {
	some entry in data.ctkms.evaluation.statements
	some principal in policy.principals(entry.statement)
	_means_cloudtrail(principal.value)
	not _right(principal)
	wrong := _wrong(principal)
	finding := result.finding("CT-PRINCIPAL-NAME", {
		"msg": sprintf(
			"%v names CloudTrail as \"%v\" %v, so it is not CloudTrail that it speaks of",
			[policy.label(entry), principal.value, wrong],
		),
		"statement": entry,
		"path": principal.path,
		"remediation": sprintf(
			"Write \"%v\": {\"Service\": \"%v\"}, the same in every Region and partition.",
			[principal.element, _service],
		),
	})
}

_service := "cloudtrail.amazonaws.com"

_means_cloudtrail(value) if {
	some name in ["cloudtrail", "cloud-trail", "cloudtrial"]
	startswith(_folded(value), name)
}

_folded(value) := lower(replace(value, " ", ""))

_right(principal) if {
	principal.kind == "Service"
	principal.value == _service
}

_wrong(principal) := sprintf("under \"%v\" and not under \"Service\"", [principal.kind]) if {
	principal.kind != "Service"
} else := "with blanks" if {
	lower(principal.value) != _folded(principal.value)
} else := "with blanks" if {
	trim_space(principal.value) != principal.value
} else := "in capital letters" if {
	lower(principal.value) == _service
} else := "with the ending of China, which service principals do not have" if {
	endswith(lower(principal.value), ".amazonaws.com.cn")
} else := "with a Region, which its service principal does not have" if {
	regex.match(`^cloudtrail\.[a-z]+(-[a-z]+)+-[0-9]+\.amazonaws\.com$`, lower(principal.value))
} else := "with a wildcard, which service principals cannot have" if {
	regex.match(`[*?]`, principal.value)
} else := "by a name that it does not have"
