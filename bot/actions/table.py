"""The one table of what staff can do, by the names actions have on the control socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from bot.actions import (
    answers,
    attachments,
    calls,
    campaigns,
    cases,
    database,
    dispositions,
    draws,
    forms,
    inbox,
    invitations,
    launch,
    outbox,
    persondata,
    planning,
    precision,
    quality,
    residents,
    results,
    roster,
    scores,
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
    "answers.import": Action(answers.ImportAnswers, answers.import_answers),
    "answers.list": Action(answers.ListImports, answers.list_imports),
    "answers.sheet": Action(answers.AnswerSheet, answers.make_sheet),
    "answers.undo": Action(answers.UndoImport, answers.undo_import),
    "call.answer": Action(calls.AnswerCall, calls.answer),
    "call.done": Action(calls.CloseCall, calls.close),
    "call.list": Action(calls.ListCalls, calls.list_calls),
    "campaign.close": Action(campaigns.CloseCampaign, campaigns.close_campaign),
    "campaign.create": Action(planning.CreateCampaign, planning.create_campaign),
    "campaign.dispositions": Action(dispositions.ShowDispositions, dispositions.show_dispositions),
    "campaign.launch": Action(launch.LaunchCampaign, launch.launch_campaign),
    "campaign.list": Action(planning.ListCampaigns, planning.list_campaigns),
    "campaign.pause": Action(campaigns.PauseCampaign, campaigns.pause_campaign),
    "campaign.precision": Action(precision.CampaignPrecision, precision.campaign_precision),
    "campaign.quality": Action(quality.CampaignQuality, quality.campaign_quality),
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
    "draw.certificate": Action(draws.MakeCertificate, draws.make_certificate),
    "draw.frame": Action(draws.ExportFrame, draws.export_frame),
    "draw.freeze": Action(draws.FreezeFrame, draws.freeze_frame),
    "draw.packets": Action(draws.ShowPackets, draws.show_packets),
    "draw.randomness": Action(draws.EnterRandomness, draws.enter_randomness),
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
    "residents.disposition": Action(dispositions.TellDisposition, dispositions.tell_disposition),
    "residents.erase": Action(persondata.EraseResident, persondata.erase_resident),
    "outbox.cancel": Action(outbox.ChangeOutbox, outbox.cancel_outbox),
    "outbox.list": Action(outbox.ListOutbox, outbox.list_outbox),
    "outbox.replay": Action(outbox.ChangeOutbox, outbox.replay_outbox),
    "plan.precision": Action(precision.PlanPrecision, precision.plan_precision),
    "residents.import": Action(residents.ImportResidents, residents.import_residents),
    "residents.list": Action(roster.ListResidents, roster.list_residents),
    "residents.prefer": Action(persondata.PreferChannel, persondata.prefer_channel),
    "residents.show": Action(roster.ShowResident, roster.show_resident),
    "scores.export": Action(scores.ExportScores, scores.export_scores),
    "scores.self": Action(scores.TakeSelfScores, scores.take_self_scores),
    "scores.show": Action(scores.ShowScores, scores.show_scores),
    "scores.why": Action(scores.ExplainScore, scores.explain_score),
    "units.import": Action(units.ImportUnits, units.import_units),
    "units.list": Action(units.ListUnits, units.list_units),
}
