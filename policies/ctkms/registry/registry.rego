# METADATA
# title: The registry of rules
# description: |
#   What all rules of the pack found, each named: an engine that walks data.ctkms.rules evaluates far more than the
#   findings. Written by `CTKMS_UPDATE=1 pytest tests/test_catalogue.py`; the test finds a rule that is missing here.
# custom:
#   library: true
package ctkms.registry

# METADATA
# scope: document
# description: "What the rules found on the key under evaluation."
findings contains finding if some finding in data.ctkms.rules.cloudtrail.keep_existing.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.key_id_format.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.key_state.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.key_symmetric.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.multi_region.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.over_broad.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.placeholder.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.principal_name.findings

findings contains finding if some finding in data.ctkms.rules.cloudtrail.unusable_condition.findings

findings contains finding if some finding in data.ctkms.rules.policy.action.findings

findings contains finding if some finding in data.ctkms.rules.policy.admin.findings

findings contains finding if some finding in data.ctkms.rules.policy.allow_not_principal.findings

findings contains finding if some finding in data.ctkms.rules.policy.characters.findings

findings contains finding if some finding in data.ctkms.rules.policy.condition.findings

findings contains finding if some finding in data.ctkms.rules.policy.duplicate_member.findings

findings contains finding if some finding in data.ctkms.rules.policy.effect.findings

findings contains finding if some finding in data.ctkms.rules.policy.exclusive.findings

findings contains finding if some finding in data.ctkms.rules.policy.forall_context.findings

findings contains finding if some finding in data.ctkms.rules.policy.group.findings

findings contains finding if some finding in data.ctkms.rules.policy.json.findings

findings contains finding if some finding in data.ctkms.rules.policy.lockout.findings

findings contains finding if some finding in data.ctkms.rules.policy.member.findings

findings contains finding if some finding in data.ctkms.rules.policy.no_effect.findings

findings contains finding if some finding in data.ctkms.rules.policy.no_principal.findings

findings contains finding if some finding in data.ctkms.rules.policy.not_a_key_policy.findings

findings contains finding if some finding in data.ctkms.rules.policy.principal_account.findings

findings contains finding if some finding in data.ctkms.rules.policy.principal_exists.findings

findings contains finding if some finding in data.ctkms.rules.policy.principal_star.findings

findings contains finding if some finding in data.ctkms.rules.policy.resource_other.findings

findings contains finding if some finding in data.ctkms.rules.policy.resource_star.findings

findings contains finding if some finding in data.ctkms.rules.policy.service_unexpected.findings

findings contains finding if some finding in data.ctkms.rules.policy.sid.findings

findings contains finding if some finding in data.ctkms.rules.policy.size.findings

findings contains finding if some finding in data.ctkms.rules.policy.statement.findings

findings contains finding if some finding in data.ctkms.rules.policy.variable.findings

findings contains finding if some finding in data.ctkms.rules.policy.version.findings

findings contains finding if some finding in data.ctkms.rules.store.copy_role.findings

findings contains finding if some finding in data.ctkms.rules.store.cross_account_read.findings

findings contains finding if some finding in data.ctkms.rules.store.decrypt_service.findings

findings contains finding if some finding in data.ctkms.rules.store.describe.findings

findings contains finding if some finding in data.ctkms.rules.store.encrypt.findings

findings contains finding if some finding in data.ctkms.rules.store.irreversible.findings

findings contains finding if some finding in data.ctkms.rules.store.no_source.findings

findings contains finding if some finding in data.ctkms.rules.store.organization_key.findings

findings contains finding if some finding in data.ctkms.rules.store.region.findings

findings contains finding if some finding in data.ctkms.rules.store.same_account.findings

findings contains finding if some finding in data.ctkms.rules.store.user_unlisted.findings

findings contains finding if some finding in data.ctkms.rules.store.users.findings

findings contains finding if some finding in data.ctkms.rules.trail.bucket_key.findings

findings contains finding if some finding in data.ctkms.rules.trail.context_account.findings

findings contains finding if some finding in data.ctkms.rules.trail.cross_account_key.findings

findings contains finding if some finding in data.ctkms.rules.trail.decrypt_service.findings

findings contains finding if some finding in data.ctkms.rules.trail.default_alias.findings

findings contains finding if some finding in data.ctkms.rules.trail.describe.findings

findings contains finding if some finding in data.ctkms.rules.trail.describe_context.findings

findings contains finding if some finding in data.ctkms.rules.trail.encrypt.findings

findings contains finding if some finding in data.ctkms.rules.trail.key_region.findings

findings contains finding if some finding in data.ctkms.rules.trail.organization.findings

findings contains finding if some finding in data.ctkms.rules.trail.organization_assumed.findings

findings contains finding if some finding in data.ctkms.rules.trail.reader_context.findings

findings contains finding if some finding in data.ctkms.rules.trail.reader_cross_account.findings

findings contains finding if some finding in data.ctkms.rules.trail.reader_unlisted.findings

findings contains finding if some finding in data.ctkms.rules.trail.readers.findings

findings contains finding if some finding in data.ctkms.rules.trail.sns_key.findings

findings contains finding if some finding in data.ctkms.rules.trail.source_account.findings

findings contains finding if some finding in data.ctkms.rules.trail.source_arn.findings

findings contains finding if some finding in data.ctkms.rules.trail.source_arn_match.findings

findings contains finding if some finding in data.ctkms.rules.trail.source_arn_multi.findings

# METADATA
# scope: document
# description: "Which rules lacked their data, as {rule, why}."
not_evaluated contains missing if some missing in data.ctkms.rules.cloudtrail.keep_existing.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.cloudtrail.key_state.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.cloudtrail.key_symmetric.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.store.copy_role.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.store.region.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.store.same_account.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.store.user_unlisted.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.store.users.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.trail.bucket_key.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.trail.encrypt.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.trail.key_region.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.trail.reader_cross_account.not_evaluated

not_evaluated contains missing if some missing in data.ctkms.rules.trail.reader_unlisted.not_evaluated
