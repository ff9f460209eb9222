package import Custody

/// What came of handing a delivery over.
package enum Handover: Sendable, Hashable {
    /// The receiver has it, on its disk as far as it says. What it calls it, if anything.
    case delivered(receipt: String?)
    /// This message will never pass.
    case messageRefused(cause: String, answer: [UInt8])
    /// It may pass later; not before so many milliseconds, where the receiver said so.
    case again(cause: String, retryAfter: Int64?, answer: [UInt8])
    /// The destination or our configuration is wrong, not the message: nothing more is sent there until a probe succeeds.
    case destinationWrong(cause: String, answer: [UInt8])
}

/// A place that deliveries are handed over to: a queue folder, a MESH outbox, an HTTP endpoint.
package protocol Destination: Sendable {
    /// How many deliveries may be in hand at once.
    var concurrency: Int { get }
    /// How many are handed over together; 1 where each stands alone.
    var batch: Int { get }

    /// Hands deliveries over. Calls back once, from any thread, with one result for each, in order.
    func send(_ deliveries: [DueDelivery], completion: @escaping @Sendable ([Handover]) -> Void)
}
