"""Roles, permissions, and the one table between them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person is to the agency; everyone is a learner without a grant."""

    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    HR_UNIT = "hr_unit"
    HR_AGENCY = "hr_agency"
    ADMIN = "admin"
    AUDITOR = "auditor"


class Permission(StrEnum):
    """What a route asks for, as ``resource:action``."""

    ACCOUNT_OWN = "account:own"
    COURSE_STUDY = "course:study"
    COURSE_TEACH = "course:teach"
    COURSE_APPROVE = "course:approve"
    CERTIFICATE_MANAGE = "certificate:manage"
    RECORD_OWN = "record:own"
    REPORT_READ = "report:read"
    PERSON_READ = "person:read"
    PERSON_RESET = "person:reset"
    ROSTER_IMPORT = "roster:import"
    PERSON_CHANGE = "person:change"
    ROLE_LEND = "role:lend"
    UNIT_READ = "unit:read"
    UNIT_CHANGE = "unit:change"
    OUTSIDE_LEARNING_ENTER = "outside_learning:enter"
    RECTIFICATION_DECIDE = "rectification:decide"
    FRAMEWORK_CHANGE = "framework:change"
    HOUR_RULE_CHANGE = "hour_rule:change"
    SIASN_SEND = "siasn:send"
    ASSIGNMENT_MANAGE = "assignment:manage"
    ROLE_GRANT = "role:grant"
    SETTING_READ = "setting:read"
    SETTING_CHANGE = "setting:change"
    AUDIT_READ = "audit:read"
    PRIVACY_MANAGE = "privacy:manage"
    ANALYSIS_TAKE = "analysis:take"
    ANNOUNCEMENT_READ = "announcement:read"
    ANNOUNCEMENT_MANAGE = "announcement:manage"
    HEALTH_READ = "health:read"
    HEALTH_MANAGE = "health:manage"


_OWN = frozenset({Permission.ACCOUNT_OWN, Permission.COURSE_STUDY, Permission.RECORD_OWN})
_HR = _OWN | {
    Permission.REPORT_READ,
    Permission.PERSON_READ,
    Permission.PERSON_RESET,
    Permission.ROSTER_IMPORT,
    Permission.OUTSIDE_LEARNING_ENTER,
    Permission.RECTIFICATION_DECIDE,
    Permission.PERSON_CHANGE,
    Permission.ROLE_LEND,
    Permission.UNIT_READ,
    Permission.SIASN_SEND,
    Permission.ASSIGNMENT_MANAGE,
    Permission.ANNOUNCEMENT_READ,
    Permission.ANNOUNCEMENT_MANAGE,
}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: _OWN,
    Role.INSTRUCTOR: _OWN | {Permission.COURSE_TEACH},
    Role.HR_UNIT: _HR,
    Role.HR_AGENCY: _HR
    | {
        Permission.FRAMEWORK_CHANGE,
        Permission.HOUR_RULE_CHANGE,
        Permission.COURSE_APPROVE,
        Permission.CERTIFICATE_MANAGE,
        Permission.UNIT_CHANGE,
        Permission.PRIVACY_MANAGE,
        Permission.ANALYSIS_TAKE,
        Permission.SETTING_READ,
    },
    Role.ADMIN: _OWN
    | {
        Permission.ROLE_GRANT,
        Permission.UNIT_READ,
        Permission.UNIT_CHANGE,
        Permission.SETTING_READ,
        Permission.SETTING_CHANGE,
        Permission.AUDIT_READ,
        Permission.PERSON_RESET,
        Permission.PRIVACY_MANAGE,
        Permission.HEALTH_READ,
        Permission.HEALTH_MANAGE,
        Permission.ANNOUNCEMENT_READ,
        Permission.ANNOUNCEMENT_MANAGE,
    },
    Role.AUDITOR: _OWN
    | {
        Permission.REPORT_READ,
        Permission.PERSON_READ,
        Permission.UNIT_READ,
        Permission.SETTING_READ,
        Permission.AUDIT_READ,
        Permission.HEALTH_READ,
        Permission.ANNOUNCEMENT_READ,
    },
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """Everything that any of the roles may do; every person is a learner."""
    return frozenset().union(*(GRANTED[role] for role in roles | {Role.LEARNER}))
