# METADATA
# title: kms:DescribeKey is granted without an encryption context
# description: |
#   kms:DescribeKey takes no encryption context. A statement that grants it together with a condition on
#   kms:EncryptionContext:… or kms:EncryptionContextKeys never allows it.
# related_resources:
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html
# - ref: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
# custom:
#   id: CT-CTX-ON-DESCRIBE
#   level: error
#   provenance: documented
package ctkms.rules.trail.describe_context

import data.ctkms.evaluation
import data.ctkms.exclusion
import data.ctkms.policy
import data.ctkms.remedy
import data.ctkms.result
import data.ctkms.verdict

# METADATA
# description: "Each trail or event data store whose describe request a condition on the context refuses."
findings contains finding if {
	some one in evaluation.tried("describe")
	near := verdict.closest(one)
	is_object(near)
	elements := [element | some element in near.failed; element.match == 0; _context(exclusion.key(element))]
	count(elements) > 0
	finding := result.finding("CT-CTX-ON-DESCRIBE", {
		"level": _level(one.probe.subject),
		"msg": sprintf("%v grants %v only with %v, which its requests never carry: it is refused for %v", [
			policy.label(near.statement), one.probe.request.action, elements[0].path[2], one.probe.subject,
		]),
		"subject": one.probe.subject,
		"statement": near.statement,
		"path": elements[0].path,
		"remediation": remedy.text(one.probe, one.decision),
	})
}

_context(key) if startswith(key, "kms:encryptioncontext:")

_context(key) if key == "kms:encryptioncontextkeys"

# Of event data stores it is not certain that they need kms:DescribeKey.
_level(subject) := "open" if {
	contains(subject, ":eventdatastore/")
} else := "error"
