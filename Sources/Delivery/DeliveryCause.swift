/// The closed list of words that say why a delivery was not made, beside `status-NNN` for an HTTP status.
package enum DeliveryCause: String, Sendable, CaseIterable {
    case connect
    case name
    case tls
    case timeout
    case timeoutBeforeSending = "timeout-before-sending"
    case reset
    case resetBeforeSending = "reset-before-sending"
    case truncated
    case tooLarge = "answer-too-large"
    case malformed = "answer-malformed"
    /// A BaRS route was refused by something that is no BaRS receiver.
    case unexplained = "answer-unexplained"
    /// The destination's code never called back.
    case noAnswer = "no-answer"
    /// The secret that the route names cannot be had.
    case credentials
    case diskFull = "disk-full"
    case diskError = "disk-error"
    /// The queue folder is gone, or may not be written to.
    case folder = "folder-unusable"
    /// Other bytes lie there under this name.
    case idReused = "id-reused"
    /// The key or type of the delivery cannot be a header or file name.
    case unusableKey = "key-unusable"
    /// Tried for longer than the age limit.
    case expired

    /// Whether nothing was handed over and the message has no part in it. Such a delivery is never given up.
    package var isOfDestination: Bool {
        switch self {
        case .connect, .name, .tls, .timeoutBeforeSending, .resetBeforeSending, .credentials, .diskFull, .diskError,
            .folder:
            true
        case .timeout, .reset, .truncated, .tooLarge, .malformed, .unexplained, .noAnswer, .idReused, .unusableKey,
            .expired:
            false
        }
    }

    /// The same for a cause as it is written down; an HTTP status is an answer, so `false`.
    package static func isOfDestination(_ cause: String) -> Bool {
        DeliveryCause(rawValue: cause)?.isOfDestination ?? false
    }
}
