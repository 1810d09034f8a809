# METADATA
# title: The key is a symmetric encryption key
# description: |
#   CloudTrail uses symmetric encryption keys only (SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT). A policy does not show
#   which kind a key is: the metadata of the key in the expectations does.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
# custom:
#   id: CT-KEY-SYMMETRIC
#   level: error
#   provenance: documented
package ctkms.rules.cloudtrail.key_symmetric

import data.ctkms.result

# METADATA
# description: "What the metadata of the key say that CloudTrail cannot use."
findings contains finding if {
	some [member, right] in _demanded
	value := object.get(_metadata, member, null)
	is_string(value)
	value != right
	finding := result.finding("CT-KEY-SYMMETRIC", {
		"msg": sprintf("the key's %v is %v, but CloudTrail uses keys with %v only", [member, value, right]),
		"remediation": "Create a symmetric encryption key for CloudTrail: the kind of a key cannot be changed.",
	})
}

# METADATA
# description: "What the metadata of the key leave out."
not_evaluated contains {"rule": "CT-KEY-SYMMETRIC", "why": why} if {
	missing := [member | some [member, _] in _demanded; not is_string(object.get(_metadata, member, null))]
	count(missing) > 0
	why := sprintf("the expectations do not give the key's %v (metadata)", [concat(" and ", missing)])
}

_demanded := [["spec", "SYMMETRIC_DEFAULT"], ["usage", "ENCRYPT_DECRYPT"]]

_metadata := data.ctkms.evaluation.metadata
