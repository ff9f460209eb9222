import Custody
import Synchronization

/// Counts, source by source, referrals that say nothing of consent: many at once mean that a mapping or a template broke.
///
/// Counted over the last 24 hours by the hour, in memory: a restart begins anew.
package final class ConsentWatch: Sendable {
    private struct Hour {
        var number: Int64
        var referrals = 0
        var silent = 0
    }

    /// So many referrals must have come before a share says anything, and so large must the share be.
    static let referralsNeeded = 20
    static let share = 0.2
    private let hours = Mutex<[String: [Hour]]>([:])

    package init() {}

    /// Notes a document that was taken.
    func taken(from source: String, _ decision: Decision, at now: Instant) {
        let referrals = decision.referrals.count
        guard referrals > 0 else { return }
        let silent = decision.referrals.count { referral in
            referral.deliveries.contains { delivery in
                if case .withheld("consent-absent") = delivery.standing { true } else { false }
            }
        }
        let number = now.milliseconds / 3_600_000
        hours.withLock { hours in
            var own = (hours[source] ?? []).filter { number - $0.number < 24 }
            if own.last?.number != number { own.append(Hour(number: number)) }
            own[own.count - 1].referrals += referrals
            own[own.count - 1].silent += silent
            hours[source] = own
        }
    }

    /// Sources of which a fifth of the last day's referrals, or more, said nothing of consent.
    func gaps(at now: Instant) -> [String] {
        let number = now.milliseconds / 3_600_000
        return hours.withLock { hours in
            hours.compactMap { source, own in
                let recent = own.filter { number - $0.number < 24 }
                let referrals = recent.reduce(0) { $0 + $1.referrals }
                let silent = recent.reduce(0) { $0 + $1.silent }
                let isGap = referrals >= Self.referralsNeeded && Double(silent) >= Self.share * Double(referrals)
                return isGap ? source : nil
            }.sorted()
        }
    }
}
