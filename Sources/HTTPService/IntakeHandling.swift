package import Reporting

/// What stands behind the intake: it says who may send, takes documents into custody and knows what became of them.
///
/// Called from many threads at once. The two that are `async` run on the caller's own threads and may take their time;
/// ``authenticate(token:peerCertificateNames:)`` is called while a connection waits and must not block.
package protocol IntakeHandling: Sendable {
    /// Takes a document into custody. What it returns is told to the sender at once, so it returns only after the
    /// document is on the disk, or is not taken at all.
    func submit(_ submission: Submission) async -> SubmissionAnswer

    /// What became of a message, for the source that sent it; `nil` when that source sent none of this name.
    func status(of reference: String, source: SourceIdentity) async -> MessageStatus?

    /// Who sends, by the bearer token or by the names in a client certificate that was verified already; `nil` when
    /// nobody is known by them. Tokens are compared with ``BearerTokens``.
    func authenticate(token: String?, peerCertificateNames: [String]) -> SourceIdentity?
}

/// Who sends: the sources, as configured, for which a client may speak.
package struct SourceIdentity: Sendable, Hashable {
    /// The source where the request names none.
    package var source: String
    /// Other sources that `?source=` may name.
    package var others: Set<String>
    /// Whether this client posts outcomes. If so it posts no referrals, else no outcomes.
    package var postsOutcomes: Bool

    package init(source: String, others: Set<String> = [], postsOutcomes: Bool = false) {
        self.source = source
        self.others = others
        self.postsOutcomes = postsOutcomes
    }

    /// Whether this client may see what belongs to a source.
    package func maySend(as name: String) -> Bool { name == source || others.contains(name) }

    /// Whether this client may come through a door for a source.
    func maySend(as name: String, through door: Submission.Door) -> Bool {
        maySend(as: name) && postsOutcomes == (door == .outcomes)
    }
}

/// A document as it came in, whole.
package struct Submission: Sendable {
    /// How it came in, which decides how the answer is put.
    package enum Door: Sendable, Hashable { case referrals, fhirMessage, outcomes }

    package var door: Door
    /// The source, as configured; the client may speak for it.
    package var source: String
    package var bytes: [UInt8]
    /// Type and subtype in lower case, without parameters: `application/fhir+json`.
    package var mediaType: String
    /// The parameter `charset` in lower case, where the sender gave one.
    package var charset: String?
    /// The sender's own `X-Request-Id`; `nil` where it gave none. At most 128 bytes of plain token.
    package var transportID: String?
    /// The sender's own `X-Correlation-Id`.
    package var correlation: String?
    /// Whether the sender waits to hear how mapping and checking went (`?wait=mapped`).
    package var waitsForMapping: Bool

    package init(
        door: Door, source: String, bytes: [UInt8], mediaType: String, charset: String? = nil,
        transportID: String? = nil, correlation: String? = nil, waitsForMapping: Bool = false
    ) {
        self.door = door
        self.source = source
        self.bytes = bytes
        self.mediaType = mediaType
        self.charset = charset
        self.transportID = transportID
        self.correlation = correlation
        self.waitsForMapping = waitsForMapping
    }
}

/// What the sender of a document is told.
package enum SubmissionAnswer: Sendable {
    /// It is on the disk.
    case taken(MessageStatus, isRepeat: Bool)
    /// It is not taken: not what its media type says. Nothing of it is kept.
    case malformed([Finding])
    /// It is not taken: what it says is not what such a thing must say. Nothing of it is kept.
    case invalid([Finding])
    /// The sender's id was there already with other content.
    case conflict(reference: String?)
    /// The first request with this id is still in hand (FHIR door: 425).
    case inProgress
    /// Not now; the sender keeps the document and comes again.
    case unavailable(Unavailable, retryAfterSeconds: Int)

    package enum Unavailable: String, Sendable, Hashable, CaseIterable {
        /// No room on the disk.
        case full
        /// The store fails.
        case sick
        /// An operator paused the source.
        case paused
        /// The gateway is stopping.
        case draining
        /// More is in hand than can be worked on.
        case busy
    }
}

/// What a sender may know of its message: no personal data.
package struct MessageStatus: Sendable {
    /// The gateway's public name for the message.
    package var reference: String
    /// A word: `waiting`, `delivered`, `withheld`, `held`, `refused`, `dead`, `dropped`, `noted`.
    package var state: String
    /// Whether it could not be used as it is: held for a person, or refused.
    package var isUnusable: Bool
    package var findings: [Finding]
    /// RFC 3339, where known.
    package var receivedAt: String?

    package init(
        reference: String, state: String, isUnusable: Bool = false, findings: [Finding] = [], receivedAt: String? = nil
    ) {
        self.reference = reference
        self.state = state
        self.isUnusable = isUnusable
        self.findings = findings
        self.receivedAt = receivedAt
    }
}
