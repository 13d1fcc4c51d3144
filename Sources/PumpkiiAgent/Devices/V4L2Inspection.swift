package import PumpkiiCapture
package import PumpkiiV4L2

/// What a camera says of itself when it is asked, without a stream: its formats, what would be chosen of them and why,
/// its controls. Opens the node for a moment; blocks.
package struct V4L2Inspection: Sendable {
  package private(set) var offers: [FormatOffer] = []
  package private(set) var choice: FormatChoice?
  package private(set) var controls: [ControlDescription] = []
  /// Why the camera could not be asked.
  package private(set) var problem: CaptureError?

  package init(_ device: V4L2Device, wish: CameraWish = CameraWish()) {
    do throws(CaptureError) {
      let handle = try V4L2Handle(path: device.path, kernel: LinuxKernel())
      defer { handle.close() }
      offers = handle.formats()
      choice = FormatChoice.choose(offers, wish: wish)
      controls = ControlBook(handle).list()
    } catch {
      problem = error
    }
  }
}
