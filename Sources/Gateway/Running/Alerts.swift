package import Custody
package import Reporting
import Synchronization

/// Something that somebody should look at.
package struct Alert: Sendable, Hashable {
    package enum Name: String, Sendable, CaseIterable {
        case referralWaiting = "referral-waiting"
        case needsPerson = "needs-a-person"
        case sourceFailed = "source-failed"
        case quietSource = "quiet-source"
        case routeDown = "route-down"
        case routeStopped = "route-auth"
        case pausedLong = "route-paused-long"
        case storeFailing = "store-failing"
        case diskLow = "disk-low"
        case configRejected = "config-rejected"
        case backupOld = "backup-old"
        case certificateExpiring = "certificate-expiring"
        case consentGap = "consent-gap"
        case clockOff = "clock-off"
    }

    package enum Severity: String, Sendable { case warning, critical }

    package var name: Name
    package var severity: Severity
    /// The route, source, cause or place it is about: a name of the configuration or of a closed list.
    package var subject: String
    /// What to look at next.
    package var next: String

    package init(_ name: Name, _ subject: String, _ severity: Severity = .warning, next: String) {
        self.name = name
        self.severity = severity
        self.subject = subject
        self.next = next
    }
}

/// The alerts that are open. Each opens once and closes once; one that grows worse is told again.
package final class AlertBook: Sendable {
    /// An alert and since when it is open.
    package struct Entry: Sendable, Hashable {
        package var alert: Alert
        package var since: Instant
    }

    /// What one look at the conditions changed.
    package struct Change: Sendable {
        package var opened: [Entry] = []
        /// Those that had been a warning and are critical now, or the other way.
        package var changed: [Entry] = []
        package var closed: [Entry] = []
    }

    /// What makes two conditions the same alert.
    private struct Key: Hashable {
        var name: Alert.Name
        var subject: String
    }

    private let open = Mutex<[Key: Entry]>([:])

    package init() {}

    /// All that are open, the critical ones first.
    package var entries: [Entry] { open.withLock { Self.sorted(Array($0.values)) } }

    package var all: [Alert] { entries.map(\.alert) }

    /// Puts the conditions that hold now in the place of those that held before.
    package func update(_ now: Set<Alert>, at time: Instant) -> Change {
        open.withLock { open in
            var change = Change()
            var next: [Key: Entry] = [:]
            for alert in now {
                let key = Key(name: alert.name, subject: alert.subject)
                var entry = open[key] ?? Entry(alert: alert, since: time)
                let isOther = entry.alert.severity != alert.severity
                entry.alert = alert
                if open[key] == nil {
                    change.opened.append(entry)
                } else if isOther {
                    change.changed.append(entry)
                }
                next[key] = entry
            }
            change.closed = Self.sorted(open.filter { next[$0.key] == nil }.map(\.value))
            change.opened = Self.sorted(change.opened)
            open = next
            return change
        }
    }

    private static func sorted(_ entries: [Entry]) -> [Entry] {
        entries.sorted {
            let rank = ($0.alert.severity == .critical ? 0 : 1, $1.alert.severity == .critical ? 0 : 1)
            return (rank.0, $0.alert.name.rawValue, $0.alert.subject) < (
                rank.1, $1.alert.name.rawValue, $1.alert.subject
            )
        }
    }
}

extension AlertBook.Entry {
    package var json: JSONValue {
        .members([
            "alert": .string(alert.name.rawValue), "severity": .string(alert.severity.rawValue),
            "subject": .string(alert.subject), "since": .string(since.text), "next": .string(alert.next),
        ])
    }
}
