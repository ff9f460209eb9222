/// What an operator is about to do, written down before it is done: a list that does not change, who wants it and why, how
/// fast, and when to stop. Afterwards, what came of each item.
///
/// It holds numbers, keys and words of closed lists; nothing of what documents say.
package struct Plan: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Dead letters are tried again.
        case retry
        /// What was delivered or is dead is sent as its route would send it now.
        case replay
        /// Dead letters are given up.
        case drop
        /// What waits is not sent any more.
        case cancel
    }

    package enum State: String, Sendable, Hashable {
        case made, running
        /// It ended with items that were not tried.
        case stopped
        case done
    }

    /// Some digits that are easily read out and typed.
    package var id: String
    package var kind: Kind
    package var actor: String
    package var reason: String
    package var madeAt = Instant(milliseconds: 0)
    /// Items a second, after the first.
    package var rate = 2
    /// How many go alone at first.
    package var canary = 1
    /// How many failures end it.
    package var stopAfter = 1
    package var items: [PlanItem] = []

    package internal(set) var state = State.made
    /// How often it was begun.
    package internal(set) var runs = 0
    package internal(set) var runner: String?
    package internal(set) var beganAt: Instant?
    package internal(set) var endedAt: Instant?
    /// Why it stopped.
    package internal(set) var ending: String?

    package init(id: String, kind: Kind, actor: String, reason: String) {
        self.id = id
        self.kind = kind
        self.actor = actor
        self.reason = reason
    }

    /// How long a plan may be run after it was made, in hours: what it was made of changes.
    package static let hours = 24

    package var counts: PlanCounts { PlanCounts(items) }
}

/// One thing a plan is about, and what is to be done with it.
package struct PlanItem: Sendable, Hashable {
    package enum Step: Sendable, Hashable {
        /// The same bytes under the same key: to the receiver a repeat.
        case again
        /// Other bytes, with this digest, under this new key; the correlation stays.
        case new(key: String, digest: [UInt8])
        /// The document is read again by this version of the mappings, and must come to a decision with this digest.
        case read(version: String?, digest: [UInt8])
        case giveUp
        /// Nothing can be done: why, in plain words.
        case leave(why: String)
    }

    package enum Outcome: Sendable, Hashable {
        /// Not tried.
        case open
        /// Sent out and not with its receiver; why the last try failed, where there was one.
        case waiting(cause: String?)
        case delivered
        /// At its end as was planned, with nothing to deliver: `withheld`, `noted`, `dropped`.
        case settled(String)
        /// Dead, held or refused again.
        case failed(cause: String)
        /// Left as it is: why, in plain words.
        case left(why: String)
    }

    package var number = 0
    package var message: MessageID
    /// The delivery it is about; `nil` for the message itself.
    package var delivery: DeliveryID?
    /// How it stood when the plan was made: its state, and the tries of a delivery or the time a message got its state.
    package var state: String
    package var mark: Int64
    package var cause: String?
    package var step: Step
    /// What it will come to, as JSON, for those who show the plan.
    package var foreseen: String?

    package internal(set) var reference = ""
    package internal(set) var route: String?
    package internal(set) var outcome = Outcome.open
    package internal(set) var at: Instant?

    package init(_ delivery: DeliverySummary, _ step: Step) {
        message = delivery.message
        self.delivery = delivery.id
        state = delivery.state.rawValue
        mark = Int64(delivery.attemptsInAll)
        cause = delivery.cause
        self.step = step
        reference = delivery.reference
        route = delivery.route
        if case .leave(let why) = step { outcome = .left(why: why) }
    }

    package init(_ message: MessageSummary, _ step: Step) {
        self.message = message.id
        state = message.state.rawValue
        mark = message.changedAt.milliseconds
        cause = message.cause
        self.step = step
        reference = message.reference
        if case .leave(let why) = step { outcome = .left(why: why) }
    }
}

/// How many items of a plan came to what.
package struct PlanCounts: Sendable, Hashable {
    package var open = 0
    package var waiting = 0
    package var delivered = 0
    package var settled = 0
    package var failed = 0
    package var left = 0

    init(_ items: [PlanItem]) {
        for item in items {
            switch item.outcome {
            case .open: open += 1
            case .waiting: waiting += 1
            case .delivered: delivered += 1
            case .settled: settled += 1
            case .failed: failed += 1
            case .left: left += 1
            }
        }
    }

    /// `delivered=4 failed=1`, for the audit trail; only what there is.
    var detail: String {
        [
            ("delivered", delivered), ("settled", settled), ("waiting", waiting), ("failed", failed), ("left", left),
            ("open", open),
        ].filter { $0.1 > 0 }.map { "\($0)=\($1)" }.joined(separator: " ")
    }
}

/// One item of a plan on its way to be carried out.
package struct PlanStep: Sendable {
    package enum Act: Sendable {
        /// Does this, when the item still stands as it did.
        case perform(Operation)
        /// Leaves the item as it is: why, in plain words.
        case leave(why: String)
    }

    package var plan: String
    /// The number of the run, as ``OperationResult/planBegun(run:)`` gave it.
    package var run: Int
    package var number: Int
    package var act: Act

    package init(plan: String, run: Int, number: Int, act: Act) {
        self.plan = plan
        self.run = run
        self.number = number
        self.act = act
    }
}
