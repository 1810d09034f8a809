# METADATA
# title: A trail that uses the key of another account names it by ARN
# description: |
#   CloudTrail accepts a key of another account for a trail if it is given by key ARN or alias ARN; a bare key id or
#   an alias name is looked up in the trail's own account. Its key policy has to name the trail's account.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html
# custom:
#   id: CT-TRAIL-XACCT-KEY
#   level: note
#   provenance: documented
package ctkms.rules.trail.cross_account_key

import data.ctkms.expectations
import data.ctkms.result

# METADATA
# description: "Each trail of another account than the key's."
findings contains finding if {
	owner := expectations.account(data.ctkms.evaluation.key.arn)
	owner != ""
	some subject, _ in data.ctkms.evaluation.trails
	owner != expectations.account(subject)
	finding := result.finding("CT-TRAIL-XACCT-KEY", {
		"msg": sprintf("trail %v uses a key of another account (%v): CloudTrail finds it by key ARN or alias ARN%v", [
			subject, owner, ", not by key id or alias name",
		]),
		"subject": subject,
		"remediation": sprintf("Configure the trail with %v, or with the full ARN of an alias of it.", [
			data.ctkms.evaluation.key.arn,
		]),
	})
}
