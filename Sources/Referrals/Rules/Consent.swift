/// What the person may be asked to agree to: the rows of ``CodeList/consentScope``.
package enum ConsentScope: String, Sendable, Hashable, CaseIterable {
    case referralOnwardToNamedService = "referral-onward-to-named-service"
    case shareWithLinkWorker = "share-with-link-worker"
    case shareBackToGP = "share-back-to-gp"
    case shareWithEmployer = "share-with-employer"
    case shareWithEmploymentSupport = "share-with-employment-support"
    case shareWithBenefitsConditionalityBody = "share-with-benefits-conditionality-body"
    case shareWithHousingLandlord = "share-with-housing-landlord"
    case research
    case contactMeBy = "contact-me-by"

    /// The class of recipient it is about, as `sharedWith` and `neverTo` name it; `nil` where it is about none.
    package var recipientClass: String? {
        switch self {
        case .referralOnwardToNamedService: "named-service"
        case .shareWithLinkWorker: "link-worker"
        case .shareBackToGP: "gp"
        case .shareWithEmployer: "employer"
        case .shareWithEmploymentSupport: "employment-support"
        case .shareWithBenefitsConditionalityBody: "benefits-conditionality-body"
        case .shareWithHousingLandlord: "housing-landlord"
        case .research: "research"
        case .contactMeBy: nil
        }
    }
}

/// Whether the person agreed. Only ``yes`` lets a referral go; all others are a no, for different reasons.
package enum ConsentDecision: Sendable, Hashable {
    case yes
    /// The person refused, or named the recipient among those who must never get it.
    case no
    case withdrawn
    /// The question was not put, not answered, or the answer is not known.
    case notAsked
    /// It was a yes, and its time is over.
    case expired
    /// The referral says nothing of it.
    case absent

    /// A word for programs.
    package var word: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .withdrawn: "withdrawn"
        case .notAsked: "not-asked"
        case .expired: "expired"
        case .absent: "absent"
        }
    }

    /// Decides for one class of recipient.
    ///
    /// The rules, in order: `neverTo` wins over all else. Of several dated entries for the scope the latest decides, of
    /// those of one day and of those without a date the most restrictive; of these two again the more restrictive.
    /// A yes with the purpose `GOV`, shared with others only, or whose first day has not come, is none.
    /// - Parameter today: A yes that expired before is none.
    package static func decide(scope: ConsentScope, _ referral: Referral, on today: CalendarDay) -> ConsentDecision {
        var dated: Entry?
        var undated: ConsentDecision?
        var node: UInt32 = 1
        while node < UInt32(referral.nodes.count) {
            let item = referral.nodes[Int(node)]
            if item.field == ReferralFields.referral.consent {
                let entry = Entry(node, in: referral, for: scope, on: today)
                if entry.isNever { return .no }
                if entry.isAboutScope, entry.day == nil {
                    undated = stricter(undated, entry.decision)
                } else if entry.isAboutScope {
                    dated = dated.map { $0.followed(by: entry) } ?? entry
                }
            }
            node = item.next
        }
        return stricter(undated, dated?.decision) ?? .absent
    }

    private static func stricter(_ left: ConsentDecision?, _ right: ConsentDecision?) -> ConsentDecision? {
        guard let left, let right else { return left ?? right }
        return left.rank >= right.rank ? left : right
    }

    /// How much it restricts; the higher wins where dates do not tell.
    private var rank: Int {
        switch self {
        case .absent: 0
        case .yes: 1
        case .expired: 2
        case .notAsked: 3
        case .no: 4
        case .withdrawn: 5
        }
    }

    /// One item of `consent`, as it bears on one scope.
    private struct Entry {
        var isNever = false
        var isAboutScope = false
        var decision = ConsentDecision.notAsked
        var day: CalendarDay?

        init(_ group: UInt32, in referral: Referral, for scope: ConsentScope, on today: CalendarDay) {
            let fields = ReferralFields.referral
            var narrowed: Bool?
            var isForGovernment = false
            var isExpired = false
            var hasBegun = true
            var node = group + 1
            while node < referral.nodes[Int(group)].next {
                switch referral.nodes[Int(node)].field {
                case fields.consentScope: isAboutScope = referral.reads(node, scope.rawValue)
                case fields.consentDecision: decision = Self.decision(node, in: referral)
                case fields.consentAt:
                    day = referral.read(node) { CalendarDay($0) }
                    hasBegun = hasBegun && Self.hasBegun(node, in: referral, on: today)
                case fields.consentStarts: hasBegun = hasBegun && Self.hasBegun(node, in: referral, on: today)
                case fields.consentExpires: isExpired = Self.isOver(node, in: referral, on: today)
                case fields.consentPurpose: isForGovernment = isForGovernment || Self.isGovernment(node, in: referral)
                case fields.consentNeverTo: isNever = isNever || Self.names(scope, node, in: referral)
                case fields.consentSharedWith: narrowed = narrowed == true || Self.names(scope, node, in: referral)
                default: break
                }
                node = referral.nodes[Int(node)].next
            }
            guard decision == .yes else { return }
            if isExpired { decision = .expired }
            if !hasBegun { decision = .notAsked }
            if isForGovernment || narrowed == false && scope.recipientClass != nil { decision = .notAsked }
        }

        private static func names(_ scope: ConsentScope, _ node: UInt32, in referral: Referral) -> Bool {
            scope.recipientClass.map { referral.reads(node, $0) } ?? false
        }

        /// Whether the last day is past; a day that cannot be read counts as past.
        private static func isOver(_ node: UInt32, in referral: Referral, on today: CalendarDay) -> Bool {
            referral.read(node) { CalendarDay($0) }.map { $0 < today } ?? true
        }

        /// Whether the first day has come; a day that cannot be read has not.
        private static func hasBegun(_ node: UInt32, in referral: Referral, on today: CalendarDay) -> Bool {
            referral.read(node) { CalendarDay($0) }.map { $0 <= today } ?? false
        }

        private static func isGovernment(_ node: UInt32, in referral: Referral) -> Bool {
            referral.text(node).uppercased() == "GOV"
        }

        private static func decision(_ node: UInt32, in referral: Referral) -> ConsentDecision {
            if referral.reads(node, "yes") { return .yes }
            if referral.reads(node, "no") { return .no }
            return referral.reads(node, "withdrawn") ? .withdrawn : .notAsked
        }

        /// The one of two dated entries that decides.
        func followed(by other: Entry) -> Entry {
            guard let day, let otherDay = other.day, day != otherDay else {
                return decision.rank >= other.decision.rank ? self : other
            }
            return day > otherDay ? self : other
        }
    }
}
