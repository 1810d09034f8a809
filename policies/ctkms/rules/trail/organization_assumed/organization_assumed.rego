# METADATA
# title: The management account of an organization trail is declared
# description: |
#   A template or plan that makes an organization trail does not say which account is the organization's management
#   account, which owns the trail. The account of the deployment is taken for it, which is wrong where a delegated
#   administrator deploys. This rule warns where the verdict would be another one then.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
# custom:
#   id: CT-ORG-MGMT-ASSUMED
#   level: warning
#   provenance: documented
package ctkms.rules.trail.organization_assumed

import data.ctkms.cloudtrail.owner
import data.ctkms.evaluation
import data.ctkms.expectations
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each organization trail that is let in as a trail of the account that is assumed to own it."
findings contains finding if {
	some subject, entry in data.ctkms.evaluation.trails
	owner.assumed(subject, entry)
	_passes_under_it(subject)
	finding := result.finding("CT-ORG-MGMT-ASSUMED", {
		"level": "open",
		"msg": sprintf("taken for granted: %v is the organization's management account%v %v; %v", [
			expectations.account(subject),
			", which owns trail",
			subject,
			"declare organization.management_account to settle it",
		]),
		"subject": subject,
		"remediation": concat(" ", [
			"Declare organization.management_account in the expectations:",
			"with a delegated administrator it is not the account of the deployment.",
		]),
	})
}

_passes_under_it(subject) if {
	some capability in data.ctkms.demand.capabilities
	some one in evaluation.tried_for(capability, subject)
	one.decision.decision in {"allow", "needs_iam_policy"}
	some other in evaluation.decide_each(evaluation.of_other_owners(one.probe))
	verdict.refused(other)
}
