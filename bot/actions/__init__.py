"""What staff can do: one function per action, the same for console, API and command line; ACTIONS lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.actions import (
    attachments,
    calls,
    campaigns,
    cases,
    database,
    forms,
    inbox,
    invitations,
    launch,
    outbox,
    persondata,
    planning,
    residents,
    results,
    roster,
    teaching,
    units,
)


@dataclass(frozen=True, slots=True)
class Action:
    """One staff action: the model of its order, and `function(house, order, progress) -> model or dict`."""

    order: type[BaseModel]
    function: Callable[..., Any]


#: Every action under the name it has on the control socket.
ACTIONS: dict[str, Action] = {
    "call.answer": Action(calls.AnswerCall, calls.answer),
    "call.done": Action(calls.CloseCall, calls.close),
    "call.list": Action(calls.ListCalls, calls.list_calls),
    "campaign.close": Action(campaigns.CloseCampaign, campaigns.close_campaign),
    "campaign.create": Action(planning.CreateCampaign, planning.create_campaign),
    "campaign.launch": Action(launch.LaunchCampaign, launch.launch_campaign),
    "campaign.list": Action(planning.ListCampaigns, planning.list_campaigns),
    "campaign.pause": Action(campaigns.PauseCampaign, campaigns.pause_campaign),
    "campaign.release": Action(campaigns.ReleaseReplicate, campaigns.release_replicate),
    "campaign.results": Action(results.CampaignResults, results.campaign_results),
    "campaign.resume": Action(campaigns.ResumeCampaign, campaigns.resume_campaign),
    "campaign.status": Action(planning.ShowCampaign, planning.show_campaign),
    "case.attachment": Action(attachments.WriteAttachment, attachments.write_attachment),
    "case.assign": Action(cases.AssignCase, cases.assign_case),
    "case.contacted": Action(cases.ContactedCase, cases.contacted_case),
    "case.history": Action(cases.NameCase, cases.case_history),
    "case.list": Action(cases.ListCases, cases.list_cases),
    "case.resolve": Action(cases.ResolveCase, cases.resolve_case),
    "case.show": Action(cases.NameCase, cases.show_case),
    "database.status": Action(database.ShowSchema, database.show_schema),
    "database.upgrade": Action(database.UpgradeSchema, database.upgrade_schema),
    "form.add": Action(forms.AddForm, forms.add_form),
    "form.forget": Action(teaching.ForgetTaught, teaching.forget_taught),
    "form.list": Action(forms.ListForms, forms.list_forms),
    "form.taught": Action(teaching.ListTaught, teaching.list_taught),
    "form.teach": Action(teaching.TeachForm, teaching.teach_form),
    "inbox.done": Action(inbox.SettleMessage, inbox.settle_message),
    "inbox.list": Action(inbox.ListInbox, inbox.list_inbox),
    "invitations.list": Action(invitations.ListInvitations, invitations.list_invitations),
    "invitations.print": Action(invitations.PrintInvitations, invitations.print_invitations),
    "invitations.revoke": Action(invitations.RevokeInvitations, invitations.revoke_invitations),
    "residents.data": Action(persondata.ResidentData, persondata.resident_data),
    "residents.erase": Action(persondata.EraseResident, persondata.erase_resident),
    "outbox.cancel": Action(outbox.ChangeOutbox, outbox.cancel_outbox),
    "outbox.list": Action(outbox.ListOutbox, outbox.list_outbox),
    "outbox.replay": Action(outbox.ChangeOutbox, outbox.replay_outbox),
    "residents.import": Action(residents.ImportResidents, residents.import_residents),
    "residents.list": Action(roster.ListResidents, roster.list_residents),
    "residents.prefer": Action(persondata.PreferChannel, persondata.prefer_channel),
    "residents.show": Action(roster.ShowResident, roster.show_resident),
    "units.import": Action(units.ImportUnits, units.import_units),
    "units.list": Action(units.ListUnits, units.list_units),
}
