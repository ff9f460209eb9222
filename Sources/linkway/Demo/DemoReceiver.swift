#if HTTP
    import HTTPService
    import Synchronization

    /// A service that takes whatever is posted to it, as the platform of a community service would.
    final class DemoReceiver: Service {
        private let keys = Mutex<[String]>([])

        /// The idempotency keys of what came, in order.
        var received: [String] { keys.withLock { $0 } }

        func admit(_ head: ServiceRequestHead) -> Admission {
            guard head.method == "POST", let key = head.header("idempotency-key") else {
                return .answer(ServiceResponse(405))
            }
            return .read(
                AdmittedRequest(client: "gateway", bodyLimit: 8 << 20, answerTimeout: 5_000) { [self] _ in
                    keys.withLock { $0.append(key) }
                    return ServiceResponse(201, headers: [("Location", "/received/\(received.count)")])
                })
        }

        func fault(_ fault: ServiceFault, head: ServiceRequestHead?) -> ServiceResponse { ServiceResponse(400) }
        func template(of path: String) -> String { "receiver" }
    }
#endif
