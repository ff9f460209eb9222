import Custody
import DurableFiles
import Simulation

/// What must hold in every world: after each step, after each power cut, and at the end.
enum Promises {
    private static func isDocument(_ path: String) -> Bool {
        let isHere = [SimulatedGateway.inbox, SimulatedGateway.own].contains { path.hasPrefix($0 + "/") }
        return isHere && ![".why.txt", ".findings.txt", "/.copying"].contains { path.hasSuffix($0) }
    }

    private static func isDone(_ path: String) -> Bool { path.contains("/done/") }
    private static func isFailed(_ path: String) -> Bool { path.contains("/failed/") }
    private static func isEnd(_ path: String) -> Bool { isDone(path) || isFailed(path) }
    private static func isTooLarge(_ bytes: [UInt8]) -> Bool { bytes.count > SimulatedGateway.largestDocument }

    /// Whether documents wait in the inbox or are in hand.
    ///
    /// - Parameter isCopying: Then one that is too large stays where it is, since it can be neither read nor moved.
    static func hasWork(_ disk: SimulatedFileSystem, isCopying: Bool) -> Bool {
        disk.everything().contains { isDocument($0.key) && !isEnd($0.key) && !(isCopying && isTooLarge($0.value)) }
    }

    // MARK: After each step

    /// Every document is still there, once, and where it is done with it is in custody.
    static func checkStep(_ scenario: Scenario) {
        let chronicle = scenario.chronicle
        let (letters, ends) = chronicle.with { ($0.letters, $0.expectation.ends) }
        var places: [Key: [String]] = [:]
        for (path, bytes) in scenario.disk.everything() where isDocument(path) {
            let content = chronicle.content(bytes)
            places[content, default: []].append(path)
            guard isEnd(path), ends[content] == nil, letters[content]?.flaw != .tooLarge else { continue }
            chronicle.violate("\(path) is done with and not in custody")
        }
        for (content, count) in scenario.sender.sent.all {
            let found = places[content]?.count ?? 0
            if found < count {
                chronicle.violate("\(words(content, letters)) was sent \(count) times, \(found) are there")
            }
            if found > count, !scenario.leavesTwo {
                chronicle.violate("\(words(content, letters)) was sent \(count) times, \(found) are there")
            }
        }
    }

    private static func words(_ content: Key, _ letters: [Key: Letter]) -> String {
        letters[content].map { "letter \($0.number)" } ?? "an unknown letter"
    }

    /// What is written down as delivered into a queue outlives the power, or its reader has it.
    static func checkDurability(_ scenario: Scenario) {
        let (delivered, taken) = scenario.chronicle.with { ($0.delivered, $0.taken) }
        let queued = scenario.disk.everything().keys.compactMap { SimulatedGateway.queued($0) }
        let there = Set(queued.map { "\($0.route)/\($0.key)" }).union(taken)
        for name in delivered.subtracting(there).sorted() where !name.hasPrefix(SimulatedGateway.services) {
            scenario.chronicle.violate("\(name) was delivered and is gone after a power cut")
        }
    }

    // MARK: At the end

    static func checkEnd(_ scenario: Scenario) throws {
        checkStep(scenario)
        checkFolders(scenario)
        try checkStore(scenario)
        let verification = try verify(scenario.store.custody)
        if let verification { scenario.chronicle.violate("the audit trail does not verify: \(verification)") }
    }

    private static func verify(_ custody: SQLiteCustody) throws -> AuditVerification.Problem? {
        try custody.anchorAudit()
        return try custody.auditVerify().problem
    }

    /// Each document lies with those of its end, and a note says why where it is with the failed.
    private static func checkFolders(_ scenario: Scenario) {
        let (letters, ends) = scenario.chronicle.with { ($0.letters, $0.expectation.ends) }
        let files = scenario.disk.everything()
        for (path, bytes) in files where isDocument(path) {
            guard let letter = letters[scenario.chronicle.content(bytes)] else {
                scenario.chronicle.violate("\(path) is no document that was sent")
                continue
            }
            if isFailed(path), files[path + ".why.txt"] == nil {
                scenario.chronicle.violate("\(path) has no note beside it")
            }
            if isDone(path), ![.accepted, .duplicate].contains(ends[scenario.chronicle.content(bytes)]) {
                scenario.chronicle.violate("letter \(letter.number) was not accepted and is done")
            }
            if !isEnd(path), !(scenario.isCopying && isTooLarge(bytes)) {
                scenario.chronicle.violate("\(path) has no end")
            }
        }
    }

    /// The store says of each letter what must have become of it, and what arrived agrees with it.
    private static func checkStore(_ scenario: Scenario) throws {
        let chronicle = scenario.chronicle
        let (letters, expectation, arrivals) = chronicle.with { ($0.letters, $0.expectation, $0.arrivals) }
        let ledger = scenario.store.custody.ledger
        var seen: Set<Key> = []
        var deliveries: [DeliverySummary] = []
        var subjects: [String: Key] = [:]
        for message in try ledger.messages(limit: 1000) {
            seen.insert(message.content)
            guard let letter = letters[message.content], let story = try ledger.story(message.reference) else {
                chronicle.violate("a message is of no letter that was sent")
                continue
            }
            deliveries += story.deliveries
            for referral in story.referrals { subjects[referral.id] = referral.subject }
            let fault = fault(letter, expectation.ends[message.content], story, arrivals, scenario.mayExpire)
            if let fault { chronicle.violate("letter \(letter.number): \(fault)") }
        }
        for content in scenario.sender.sent.all.keys where !seen.contains(content) {
            if letters[content]?.flaw != .tooLarge { chronicle.violate("\(words(content, letters)) is not in custody") }
        }
        checkOrder(chronicle, arrivals, deliveries, subjects)
    }

    private static func fault(
        _ letter: Letter, _ end: Expectation.End?, _ story: MessageStory, _ arrivals: [Chronicle.Arrival],
        _ mayExpire: Bool
    ) -> String? {
        let message = story.message
        switch end {
        case .refused where message.state == .refused && story.deliveries.isEmpty: return nil
        case .held(let cause) where message.state == .held && message.cause == cause && story.deliveries.isEmpty:
            return nil
        case .duplicate where message.state == .noted && story.deliveries.isEmpty: return nil
        case .accepted: break
        default:
            return "it is \(message.state) for \(message.cause ?? "no cause") and should be \(String(describing: end))"
        }
        let wanted = [SimulatedGateway.linkWorkers, SimulatedGateway.services, SimulatedGateway.employment]
        guard story.deliveries.map(\.route).sorted() == wanted.sorted() else { return "its routes are not three" }
        for delivery in story.deliveries {
            let received = arrivals.count { $0.key == delivery.key && $0.route == delivery.route && $0.isReceived }
            switch (delivery.state, delivery.route) {
            case (.withheld, SimulatedGateway.employment) where !letter.isConsenting && received == 0: continue
            case (.dead, SimulatedGateway.services) where letter.isPoison && delivery.cause == "status-400": continue
            case (.dead, SimulatedGateway.services) where mayExpire && delivery.cause == "expired": continue
            case (.delivered, _) where received > 0: continue
            default:
                return "on \(delivery.route) it is \(delivery.state) for \(delivery.cause ?? "-"), received \(received)"
            }
        }
        return nil
    }

    /// On each route a person's deliveries reach the receiver in the order of custody, every try of one before the first of
    /// the next.
    private static func checkOrder(
        _ chronicle: Chronicle, _ arrivals: [Chronicle.Arrival], _ deliveries: [DeliverySummary],
        _ subjects: [String: Key]
    ) {
        let known = Dictionary(
            deliveries.map { ("\($0.route)/\($0.key)", $0) }, uniquingKeysWith: { first, _ in first })
        var latest: [String: DeliveryID] = [:]
        for arrival in arrivals {
            guard let delivery = known["\(arrival.route)/\(arrival.key)"], let subject = subjects[delivery.referral]
            else {
                chronicle.violate("\(arrival.route) got what nobody owed it")
                continue
            }
            let line = "\(arrival.route)/\(subject.bytes)"
            if let last = latest[line], delivery.id < last {
                chronicle.violate("\(arrival.route) got \(arrival.key.prefix(8)) after a later one of the same person")
            }
            latest[line] = max(latest[line] ?? delivery.id, delivery.id)
        }
    }
}
