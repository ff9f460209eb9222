/// The store: takes documents into custody, keeps what is owed to each route, and can always say what became of each.
///
/// Everything that changes it is an ``Operation``; a batch of them is one transaction, on the disk when ``commit(_:)``
/// returns. Nothing is acknowledged to a sender, moved or removed before that. It knows nothing of referrals: bodies are
/// bytes, persons are keys that cannot be turned back.
package protocol Custody: Sendable {
    /// Applies operations in order in one transaction and flushes it to the device.
    ///
    /// - Returns: One result for each operation. One that is refused by its own content (``OperationResult/refused(_:)``)
    ///   leaves nothing behind and does not harm the others.
    /// - Throws: ``CustodyError`` when the disk or the store failed: then nothing of the batch was done.
    func commit(_ operations: [Operation]) throws(CustodyError) -> [OperationResult]

    /// The deliveries of a route that may be tried now, oldest first; none while it is paused.
    ///
    /// On every route an update or cancellation stays back while the delivery it changes waits. A delivery whose bytes are
    /// not those that were stored is set aside as dead with the cause `damaged`, and the others are given.
    ///
    /// - Parameters:
    ///   - order: Which deliveries stay back while an older one of the same subject is not done with on this route.
    ///   - now: This process's monotonic clock, in milliseconds.
    ///   - leavingOut: Deliveries that are being tried.
    func due(
        _ route: String, order: RouteOrder, at now: Monotonic, limit: Int, leavingOut inFlight: Set<DeliveryID>
    ) throws(CustodyError) -> [DueDelivery]

    /// When the next delivery of a route falls due that is not due yet; `nil` when none does, or the route is paused.
    func nextDue(_ route: String, after now: Monotonic) throws(CustodyError) -> Monotonic?
}

/// Whether a route's deliveries of one subject wait for each other.
package enum RouteOrder: Sendable, Hashable, CaseIterable {
    case none
    /// A later one waits for the earlier; a dead letter releases those behind it.
    case perSubject
    /// A dead letter too holds those behind it, until a person sends it again or gives it up.
    case perSubjectHolding
}

/// The number of a message: the order in which messages were taken into custody.
package struct MessageID: Sendable, Hashable, Comparable, RawRepresentable {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The number of a delivery: one referral owed to one route.
package struct DeliveryID: Sendable, Hashable, Comparable, RawRepresentable {
    package var rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// 32 bytes that stand for an identity and cannot be turned back into it: a SHA-256 of content, or a keyed digest
/// (HMAC) of a person's or sender's identifier.
package struct Key: Sendable, Hashable {
    package var bytes: [UInt8]
    package init(_ bytes: [UInt8]) { self.bytes = bytes }
}

/// Why the store could not do its work.
package enum CustodyError: Error, Hashable, Sendable {
    /// No room: `ENOSPC`, `EDQUOT`, `SQLITE_FULL`. It may pass.
    case full
    /// The device or the file system failed (`EIO`, read-only …). It may pass.
    case input(String)
    /// Another process has the state folder; its number where that is known.
    case held(by: Int32?)
    /// The state folder is of a kind that cannot promise: NFS, SMB, FUSE.
    case unsafePlace(String)
    /// The store is damaged, or of a later version.
    case damaged(String)
}

/// One change to the store.
package enum Operation: Sendable {
    /// Takes a document into custody with everything decided about it.
    case accept(Intake)
    /// Notes what came of trying deliveries.
    case record(Attempt)
    /// Keeps what a receiver, or the transport, says of a delivery.
    case acknowledge(Acknowledgement)
    /// Decides anew about a message that is held or refused, after the mapping or the document was mended.
    case reprocess(MessageID, Decision, actor: String)
    /// Sends dead deliveries out again, the same bytes under the same key.
    case retry(DeliveryID, actor: String)
    /// Sends a delivered or dead one again under a new key: a replay by an operator.
    case replay(DeliveryID, key: String, body: [UInt8]?, actor: String, reason: String)
    /// Sends a delivered one out again, the same bytes under the same key, for a receiver that lost it.
    case sendAgain(DeliveryID, actor: String, reason: String)
    /// Gives up a dead or waiting delivery, or a held message, for good, for a stated reason.
    case dropDelivery(DeliveryID, actor: String, reason: String)
    case dropMessage(MessageID, actor: String, reason: String)
    /// Notes that a document is about to be read again after a process died over it.
    case suspect(Key)
    /// Takes the note away.
    case cleared(Key)
    /// Pauses or resumes a route or source.
    case pause(kind: String, name: String, isPaused: Bool, actor: String, reason: String)
    /// Keeps the text of a mapping (and all it needs) under its digest, so that a retry can use the version that was tried.
    case pin(version: String, files: [UInt8])
    /// Writes down what an operator is about to do.
    case makePlan(Plan)
    /// Begins a plan that was not run, or goes on with one that stopped.
    case beginPlan(String, isContinuing: Bool, actor: String)
    /// Carries out one item of a plan that was begun; one that changed since the plan was made is left as it is.
    indirect case step(PlanStep)
    /// Ends a run of a plan; with the words for why it stopped, where it did.
    case endPlan(String, run: Int, ending: String?)
    /// A line of the audit trail with no other change: started, stopped, configuration changed, revealed.
    case note(event: String, detail: String, actor: String)
}

package enum OperationResult: Sendable, Hashable {
    case done
    case accepted(Receipt)
    /// How often a document was suspected before.
    case suspected(Int)
    /// The delivery an answer is about; `nil` when it is about none, or came before.
    case acknowledged(DeliveryID?, isNew: Bool)
    /// The number of a plan's run, for its steps.
    case planBegun(run: Int)
    /// Not possible as things stand: no such delivery, not dead, and the like. Plain words, without personal data.
    case refused(String)
}

/// A document as it is taken into custody.
package struct Intake: Sendable {
    /// Our public name for it: a UUID in lower case.
    package var reference: String
    package var source: String
    package var receivedAt: Instant
    /// SHA-256 of ``payload``; trusted when it is stored, and checked whenever the payload is read.
    package var content: Key
    /// What the sender calls this message, keyed together with the source; `nil` where the format has nothing of the kind.
    package var senderKey: Key?
    /// What the transport calls it (MESH message id, `X-Request-ID`), keyed together with the source.
    package var transportKey: Key?
    /// The correlation the sender wants back; already checked to be a plain token.
    package var correlation: String?
    package var payload: [UInt8]
    package var contentType: String?
    package var decision: Decision

    package init(
        reference: String, source: String, receivedAt: Instant, content: Key, payload: [UInt8], decision: Decision
    ) {
        self.reference = reference
        self.source = source
        self.receivedAt = receivedAt
        self.content = content
        self.payload = payload
        self.decision = decision
    }
}

/// What reading, mapping, checking and routing a document came to.
package struct Decision: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// Its referrals go on.
        case accepted
        /// Kept for a person; the code of the gravest finding is the cause.
        case held(cause: String)
        /// Could not be used.
        case refused(cause: String)
        /// No referral and not meant to be one: an acknowledgement, a booking, a bare resource. Its kind, in one word.
        case noted(kind: String)
    }

    package var outcome: Outcome
    package var format: String?
    /// `itk-cda@3`.
    package var mapping: String?
    /// The digest its files are pinned under (``Operation/pin(version:files:)``).
    package var mappingVersion: String?
    /// The digest of the configuration that was in force.
    package var configuration: String?
    /// The findings as JSON, without personal data.
    package var findings: [UInt8] = []
    package var referrals: [Referral] = []
    /// What it says of deliveries, where it is an acknowledgement.
    package var answers: [Acknowledgement] = []

    package init(_ outcome: Outcome) { self.outcome = outcome }

    /// One referral of the document.
    package struct Referral: Sendable {
        package enum Kind: String, Sendable {
            case new, update, cancellation
            /// What came of a referral: about one, and none itself.
            case outcome
        }

        /// The canonical referral's id.
        package var id: String
        package var kind: Kind
        /// Keys of what the sender calls this referral: its own id and its previous ids.
        package var names: [Key]
        /// Keys of the number its sender gave this one referral, of its source: no other referral may have it.
        package var claims: [Key] = []
        /// SHA-256 of what it says, whatever it was written in; empty when it is not told.
        package var facts: [UInt8] = []
        /// Why it waits for a person while others of its document go on; `nil` when it goes on.
        package var held: String?
        /// The person, keyed; deliveries of one subject may be kept in order.
        package var subject: Key?
        package var canonical: [UInt8]
        /// Origins and coverage, as JSON.
        package var trace: [UInt8]
        package var deliveries: [Delivery] = []
        /// What it is about, where it is an outcome.
        package var answering: Answering?

        package init(id: String, kind: Kind, names: [Key], subject: Key?, canonical: [UInt8], trace: [UInt8]) {
            self.id = id
            self.kind = kind
            self.names = names
            self.subject = subject
            self.canonical = canonical
            self.trace = trace
        }
    }

    /// What is owed, or withheld, on one route.
    package struct Delivery: Sendable {
        package enum Standing: Sendable {
            /// The rendered bytes; every attempt sends just these under ``Delivery/key``.
            case send(body: [UInt8], contentType: String)
            /// A word for the reason: `no-consent`, `purpose`.
            case withheld(reason: String)
        }

        package var route: String
        /// The idempotency key: a UUID made from route, referral and content.
        package var key: String
        package var standing: Standing

        package init(route: String, key: String, standing: Standing) {
            self.route = route
            self.key = key
            self.standing = standing
        }
    }
}

/// What the sender may be told.
package struct Receipt: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case new
        /// The same message again: answered as before, delivered no second time.
        case repeated
        /// The same content under another id of the sender's.
        case duplicate
        /// A message that was held or refused, sent again and decided anew.
        case retried
        /// The sender's id was there already with other content: held for a person.
        case conflict
        /// An update or cancellation of a referral that is not known here: held for a person.
        case unknownReferral
    }

    package var kind: Kind
    /// The message this is about: for a repeat, the first one.
    package var reference: String
    package var message: MessageID
    package var state: MessageState
    /// How many of the document's referrals wait for a person while others of it go on, and how many it has.
    package var heldReferrals = 0
    package var referrals = 0

    /// Whether something of it waits to be delivered: a document that is held in part has the rest to go.
    package var isOwed: Bool { state == .waiting || heldReferrals > 0 }

    package init(kind: Kind, reference: String, message: MessageID, state: MessageState) {
        self.kind = kind
        self.reference = reference
        self.message = message
        self.state = state
    }
}

package enum MessageState: String, Sendable, Hashable, CaseIterable {
    /// At least one delivery waits.
    case waiting
    /// All that was owed is delivered.
    case delivered
    /// In order, and withheld from every route.
    case withheld
    /// For a person to look at.
    case held
    case refused
    /// At least one delivery is a dead letter, and none waits.
    case dead
    /// Given up by an operator.
    case dropped
    /// No referral; recognised for what it is.
    case noted
}

/// A delivery whose time has come.
package struct DueDelivery: Sendable {
    package var id: DeliveryID
    package var message: MessageID
    package var reference: String
    package var referral: String
    package var correlation: String?
    package var route: String
    package var subject: Key?
    package var key: String
    package var body: [UInt8]
    package var contentType: String
    /// How often it was tried.
    package var attempts: Int
    /// When it was first owed.
    package var since: Instant

    package init(
        id: DeliveryID, message: MessageID, reference: String, referral: String, correlation: String?, route: String,
        subject: Key?, key: String, body: [UInt8], contentType: String, attempts: Int, since: Instant
    ) {
        self.id = id
        self.message = message
        self.reference = reference
        self.referral = referral
        self.correlation = correlation
        self.route = route
        self.subject = subject
        self.key = key
        self.body = body
        self.contentType = contentType
        self.attempts = attempts
        self.since = since
    }
}

/// One try of a delivery and what came of it.
package struct Attempt: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// What the receiver called it, if anything; at most 200 bytes of plain token.
        case delivered(receipt: String?)
        /// To be tried again at this time of the monotonic clock.
        case again(at: Monotonic)
        /// Will never pass: a dead letter.
        case dead
    }

    package var delivery: DeliveryID
    package var at: Instant
    package var durationMilliseconds: Int
    package var outcome: Outcome
    /// A word of the closed list of causes: `status-503`, `connect`, `timeout`, `tls`.
    package var cause: String?
    /// What the receiver said, at most 2 kB; it may echo personal data and is shown to no one who does not ask.
    package var answer: [UInt8] = []

    /// When the delivery was owed, or sent out again: for figures, and not stored.
    package var owedSince: Instant?

    package init(delivery: DeliveryID, at: Instant, durationMilliseconds: Int, outcome: Outcome) {
        self.delivery = delivery
        self.at = at
        self.durationMilliseconds = durationMilliseconds
        self.outcome = outcome
    }
}
