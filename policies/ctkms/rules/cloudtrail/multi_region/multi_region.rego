# METADATA
# title: The policy that is judged is that of the replica that CloudTrail uses
# description: |
#   CloudTrail works with multi-Region keys, but every replica has a policy of its own, which nothing keeps the
#   same. A note for each multi-Region key; a warning where an expected trail's bucket or an event data store is in
#   a Region that has another replica than the one judged.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
# custom:
#   id: CT-MRK
#   level: note
#   provenance: documented
package ctkms.rules.cloudtrail.multi_region

import data.ctkms.expectations
import data.ctkms.policy
import data.ctkms.result

# METADATA
# description: "A multi-Region key."
findings contains finding if {
	_multi_region
	finding := result.finding("CT-MRK", {
		"msg": "this is a multi-Region key: only the policy of this replica was judged, each other replica has its own",
		"remediation": "Check the policy of every replica that a trail's bucket or an event data store uses.",
	})
}

# METADATA
# description: "Each trail or event data store in the Region of another replica."
findings contains finding if {
	_region != ""
	some [subject, what, region] in _used
	region != _region
	region in _replicas
	finding := result.finding("CT-MRK", {
		"level": "warning",
		"msg": sprintf(
			"%v in %v, where another replica of this key is used: the policy judged here is that of the key in %v",
			[
				what, region, _region,
			],
		),
		"subject": subject,
		"remediation": sprintf(
			"Check the policy of the replica in %v (aws kms get-key-policy --region %v).",
			[region, region],
		),
	})
}

_multi_region if contains(object.get(_key, "arn", ""), ":key/mrk-")

_multi_region if _metadata.multi_region == true

# The key's ARN where it is known.
default _key := {}

_key := {"arn": data.ctkms.evaluation.key.arn} if {
	is_string(data.ctkms.evaluation.key.arn)
}

_region := expectations.region(data.ctkms.evaluation.key.arn)

_metadata := data.ctkms.evaluation.metadata

# Regions of the replicas: a map by ARN or Region, or a list of them.
_replicas contains region if {
	some replica in _names(object.get(_metadata, "replicas", null))
	is_string(replica)
	region := [field | some field in [expectations.region(replica), replica]; field != ""][0]
}

_names(replicas) := object.keys(replicas) if {
	is_object(replicas)
} else := policy.as_list(replicas)

_used contains [subject, sprintf("the bucket of trail %v is", [subject]), region] if {
	some subject, trail in data.ctkms.evaluation.trails
	region := object.get(expectations.map(trail, "bucket"), "region", null)
	is_string(region)
}

_used contains [subject, sprintf("event data store %v is", [subject]), expectations.region(subject)] if {
	some subject, _ in data.ctkms.evaluation.stores
}
