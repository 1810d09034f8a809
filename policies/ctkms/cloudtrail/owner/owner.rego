# METADATA
# title: Who owns an organization trail
# description: |
#   The management account of the organization owns its trails, whoever makes them. A template or plan that makes one
#   does not say which account that is; its entry then has owner_assumed, and its ARN the account of the deployment, as
#   if no delegated administrator deployed it.
# related_resources:
# - ref: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
# custom:
#   library: true
package ctkms.cloudtrail.owner

import data.ctkms.cloudtrail.stranger
import data.ctkms.expectations

# METADATA
# description: |
#   What a document adds to the entry of a trail whose ARN it puts together, and of which `organization` says whether it
#   is an organization's: true, false, or the sentinel.
mark(organization) := {} if {
	organization == false
} else := {} if {
	is_string(object.get(data.ctkms.expectations.organization, "management_account", null))
} else := {"owner_assumed": true}

# METADATA
# description: "True where the account in the ARN of a trail is assumed: the expectations do not speak of that trail."
assumed(subject, entry) if {
	is_object(entry)
	entry.owner_assumed == true
	not subject in object.keys(data.ctkms.expectations.trails)
}

# METADATA
# description: "Those of some trails (entries by ARN) of which the account is assumed, as a set."
of_assumed(trails) := {subject | some subject, entry in trails; assumed(subject, entry)}

# METADATA
# description: |
#   True where the ARN of a trail of `account` may be that of one of `trails`: the account of that is assumed, and this
#   one is among the `mentioned`.
may_be(arn, account, mentioned, trails) if {
	account in mentioned
	some subject in of_assumed(trails)
	of_account(subject, account) == arn
}

# METADATA
# description: "The ARN of a trail, were it of another account."
of_account(arn, account) := concat(":", array.concat(
	array.slice(fields, 0, 4),
	array.concat([account], array.slice(fields, 5, count(fields))),
)) if {
	fields := split(arn, ":")
}

# METADATA
# description: |
#   The accounts that might own an organization trail of `region` and that a policy may tell apart: one that stands for
#   all others, those that the policy's patterns let in, and those that anybody mentions, in this order. `world` is as
#   in ctkms.cloudtrail.stranger.
candidates(world, partition, region) := array.concat(
	[world.foreign],
	array.concat(sort(admitted), sort((world.taken - admitted) - {world.foreign})),
) if {
	admitted := {expectations.account(arn) | some arn in stranger.trails([], world, partition, region)} - {world.foreign}
}

# METADATA
# description: "Of the candidates those other than `account`; no more than the first `most` are tried."
others(account, owners, most) := array.slice(_others(account, owners), 0, most)

# METADATA
# description: "True where others leaves some out, false otherwise."
leaves_out(account, owners, most) := count(_others(account, owners)) > most

# METADATA
# description: |
#   How many other owners to try for each of `trails` trails whose owner is assumed: fewer than the `most` strangers
#   (ctkms.cloudtrail.sample), since each of a trail's requests is tried for each owner.
most_others(most, trails) := max([5, floor(most / (8 * max([1, trails])))])

_others(account, owners) := [other | some other in owners; other != account]

# METADATA
# description: "A request of a trail or its readers, were the trail of account `other` and not of `account`."
request_of(request, account, other) := object.union(request, {"context": {name: value |
	some name, given in request.context
	value := _instead(name, given, account, other)
}})

_instead(name, given, account, other) := other if {
	name == "aws:SourceAccount"
	given == account
} else := of_account(given, other) if {
	name in {"aws:SourceArn", "kms:EncryptionContext:aws:cloudtrail:arn"}
	expectations.account(given) == account
} else := replace(
	replace(given, sprintf("/%v/", [account]), sprintf("/%v/", [other])),
	sprintf("/%v_", [account]),
	sprintf("/%v_", [other]),
) if {
	name == "kms:EncryptionContext:aws:s3:arn"
	is_string(given)
} else := given
