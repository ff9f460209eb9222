import Referrals

/// The generated parts of docs/fhir-message.md, in Markdown.
package enum FHIRMessageDocumentation {
    /// The systems and urls that a message may hold.
    package static func terms() -> String {
        table(["url", "for"], Terms.documented.map { ["`\($0.url)`", $0.meaning] })
    }

    /// The Observations with a code of our own.
    package static func statements() -> String {
        table(
            ["field", "code system", "code", "value", "words", "day"],
            (Statement.work + Statement.others).map { row in
                [
                    "`\(row.group).\(row.field)`", row.group == "work" ? "work" : "statement", "`\(row.code)`",
                    row.value.map { "`\($0)`" } ?? (row.isPlain ? "itself" : ""), row.text.map { "`\($0)`" } ?? "",
                    [row.at, row.from, row.to].compactMap { $0 }.map { "`\($0)`" }.joined(separator: ", "),
                ]
            })
    }

    package static func losses() -> String {
        section("What does not come back", FHIRMessageLoss.lost)
            + section("What is filled in where the message does not say it", FHIRMessageLoss.filledIn)
            + section("What may come back changed", FHIRMessageLoss.changed)
    }

    private static func section(_ title: String, _ rows: [FHIRMessageLoss.Row]) -> String {
        "### \(title)\n\n" + table(["field", "why, or with what"], rows.map { ["`\($0.path)`", $0.reason] }) + "\n"
    }

    private static func table(_ titles: [String], _ rows: [[String]]) -> String {
        let head = "| " + titles.joined(separator: " | ") + " |\n|" + titles.map { _ in "---|" }.joined() + "\n"
        return head + rows.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}

extension Terms {
    static let documented: [(url: String, meaning: String)] = [
        (structure + "…", "our extensions, named after the field: `goals.agreedWith` is `agreed-with`"),
        (codeSystem + "…", "our closed lists, each by its name (`goal-domain`, `consent-scope`, `work-goal`)"),
        (codeSystem + "work", "Observations of the work block, and the category of its Goal"),
        (codeSystem + "statement", "Observations of what R4 has no resource for"),
        (flagCategory, "category `risk` of a Flag"),
        (ownNHSNumberStatus, "`unverified` and `unknown`, for which UK Core has no code"),
        (referralID, "the referral's `id`"),
        (serviceID, "`referredTo.serviceId`"),
        (hsdsID, "`referredTo.hsdsId`"),
        (nhsNumber, "NHS number"),
        (odsCode, "ODS code"),
        (dosID, "`referredTo.dosId`"),
        (messageEvents, "event, always `servicerequest-request`"),
        (messageReasons, "`new`, `update`, `delete`"),
        (messageCategory, "category, always `referral`"),
        (flagCategoryBaRS, "`SG` safeguarding, `RA` reasonable adjustment"),
        (ukCore + "…", "NHSNumberVerificationStatus, BirthSex, EthnicCategory, ContactRank"),
        (nhsNumberStatus, "how sure the NHS number is"),
        (birthSex, "sex at registration"),
        (employmentStatus, "employment status (NHS Data Dictionary)"),
        (hl7Structure + "…", "patient-religion, patient-interpreterRequired, data-absent-reason"),
        (hl7 + "…", "v3-Confidentiality, v3-ActCode, v3-ActReason, condition-clinical and others of R4"),
        (loinc, "67875-5, employment status"),
        (ucum, "units of numbers"),
    ]
}
